/** Which parameter of a module stands under which name. */
import { Parameter } from '@chronograd/tensor';
import { nameOf } from '@chronograd/tensor/engine';
import { replacedIn } from '../../internal/places.ts';
import { type Module, partsOf } from '../../module.ts';
import { StateDictError } from './error.ts';
import type { StateForm } from './form.ts';

/** A module within another, with its own parameters. */
export interface Owner {
  /** The class, for messages. */
  readonly kind: string;
  readonly form: StateForm;
  /** Its own parameters by the names that it has for them. */
  readonly slots: readonly (readonly [name: string, parameter: Parameter])[];
  /** The name in the whole state dict of what this module calls `name`. */
  readonly place: (name: string) => string;
}

/**
 * The module and all in it, parents first; one that stands in two places comes twice.
 * @throws StateDictError where nothing in it has a parameter, for a module inside itself, and within a `functionalCall` of it, when other tensors
 *   stand in the place of its parameters
 */
export function ownersOf(op: string, module: Module): readonly Owner[] {
  const owners = collect(op, module, (name) => name, []);
  if (owners.some(({ slots }) => slots.length > 0)) return owners;
  throw new StateDictError(
    `${op}: expected a module with parameters, got ${nameOf(module)}, in which none is found; parameters are found in public fields, and in arrays in them, of it and of the modules in it`,
  );
}

function collect(
  op: string,
  module: Module,
  place: (name: string) => string,
  above: readonly Module[],
): Owner[] {
  const kind = nameOf(module);
  if (above.includes(module))
    throw new StateDictError(
      `${op}: expected a tree of modules, got a ${kind} inside itself; keep what points upwards in a #private field`,
    );
  const replaced = replacedIn(module);
  if (replaced.length > 0)
    throw new StateDictError(
      `${op}: a functionalCall has put other tensors in the place of ${kind}'s ${replaced.join(', ')}; call it before or after`,
    );
  const form = module.stateForm();
  const slots: [string, Parameter][] = [];
  const inner: Owner[] = [];
  for (const [path, part] of partsOf(module)) {
    const given = form.names?.[path];
    if (part instanceof Parameter) slots.push([given ?? snakeCase(path), part]);
    else {
      const pattern = given ?? `${snakeCase(path)}.*`;
      inner.push(...collect(op, part, (name) => place(pattern.replace('*', () => name)), [...above, module]));
    }
  }
  return [{ kind, form, slots, place }, ...inner];
}

function snakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
