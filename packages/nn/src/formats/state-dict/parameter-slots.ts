/** The parameters of a module and their names in its state dict. */
import { ChronogradError, Parameter } from '@chronograd/tensor';
import { nameOf } from '@chronograd/tensor/engine';
import { replacedIn } from '../../internal/places.ts';
import { type Module, partsOf } from '../../module.ts';
import type { StateForm } from './form.ts';

/** A state dict and a module that do not fit. Nothing was loaded. */
export class StateDictError extends ChronogradError {
  override readonly name = 'StateDictError';
  /** Names that the state dict lacks. */
  readonly missing: readonly string[];
  /** Names that the module lacks. */
  readonly unexpected: readonly string[];

  constructor(message: string, missing: readonly string[] = [], unexpected: readonly string[] = []) {
    super(message);
    this.missing = missing;
    this.unexpected = unexpected;
  }
}

/** The parameters of one module, without those of modules in it. */
export interface ParameterSlots {
  /** The class, for messages. */
  readonly kind: string;
  readonly form: StateForm;
  /** Parameters by the names that this module has for them. */
  readonly slots: readonly (readonly [name: string, parameter: Parameter])[];
  /** The name in the whole state dict of what this module calls `name`. */
  readonly fullName: (name: string) => string;
}

/**
 * The slots of the module and all modules in it, parents first. A module in two places occurs
 * twice.
 * @throws StateDictError if there is no parameter, for a module inside itself, and within a
 * `functionalCall` that replaces parameters
 */
export function parameterSlots(op: string, module: Module): readonly ParameterSlots[] {
  const all = collect(op, module, (name) => name, []);
  if (all.some(({ slots }) => slots.length > 0)) return all;
  throw new StateDictError(
    `${op}: expected a module with parameters, got ${nameOf(module)}, in which none is found; parameters are found in public fields, and in arrays in them, of it and of the modules in it`,
  );
}

function collect(
  op: string,
  module: Module,
  fullName: (name: string) => string,
  above: readonly Module[],
): ParameterSlots[] {
  const kind = nameOf(module);
  if (above.includes(module))
    throw new StateDictError(
      `${op}: expected a tree of modules, got a ${kind} inside itself; keep references to parents in #private fields`,
    );
  const replaced = replacedIn(module);
  if (replaced.length > 0)
    throw new StateDictError(
      `${op}: a functionalCall has replaced the parameters ${replaced.join(', ')} of ${kind}; call ${op} before or after it`,
    );
  const form = module.stateForm();
  const slots: [string, Parameter][] = [];
  const inner: ParameterSlots[] = [];
  for (const [path, part] of partsOf(module)) {
    const given = form.names?.[path];
    if (part instanceof Parameter) slots.push([given ?? snakeCase(path), part]);
    else {
      const pattern = given ?? `${snakeCase(path)}.*`;
      const innerName = (name: string): string => fullName(pattern.replace('*', () => name));
      inner.push(...collect(op, part, innerName, [...above, module]));
    }
  }
  return [{ kind, form, slots, fullName }, ...inner];
}

function snakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
