/** Which parameter of a module stands under which name. */
import { Parameter } from '@chronograd/tensor';
import { type Module, partsOf } from '../module.ts';
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

/** The module and all in it, parents first; one that stands in two places comes twice. */
export function ownersOf(module: Module, place: (name: string) => string = (name) => name): Owner[] {
  const form = module.stateForm();
  const slots: [string, Parameter][] = [];
  const inner: Owner[] = [];
  for (const [path, part] of partsOf(module)) {
    const given = form.names?.[path];
    if (part instanceof Parameter) slots.push([given ?? snakeCase(path), part]);
    else {
      const pattern = given ?? `${snakeCase(path)}.*`;
      inner.push(...ownersOf(part, (name) => place(pattern.replace('*', () => name))));
    }
  }
  return [{ kind: module.constructor.name, form, slots, place }, ...inner];
}

function snakeCase(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
