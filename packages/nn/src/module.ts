/// <reference lib="esnext.disposable" preserve="true" />
/** Modules: objects whose fields are parameters or other modules. */
import type { HasParameters } from '@chronograd/autograd';
import { Parameter, ValueError } from '@chronograd/tensor';
import {
  type Branch,
  brand,
  describeValue,
  foreignPackage,
  guard,
  guardFields,
  holds,
  isBranch,
  isNested,
  leaves,
  mapTree,
  type Nested,
  nameOf,
  setGuarded,
  trackContainer,
} from '@chronograd/tensor/engine';
import type { StateForm } from './formats/state-dict/form.ts';
import { noteParameters, refuseReplaced } from './internal/places.ts';

/**
 * The base of everything that has parameters. Fields that are parameters, modules, or arrays of them make up its tree; their names,
 * joined by dots, name the parameters (`recurrent.cell.weightHh`). Nothing is registered: a field is enough. It must be an ordinary one: what
 * stands in a `#private` field is not seen, and not trained.
 * @example
 * class Model extends Module {
 *   readonly decoder: Linear;
 *   constructor(random: Random) {
 *     super();
 *     this.decoder = new Linear(128, 65, { random });
 *   }
 * }
 */
export abstract class Module implements HasParameters {
  #training = true;

  constructor() {
    trackContainer(this);
  }

  /** Training mode (true, the default) or evaluation mode: what dropout and its like look at. Set it with `train()` and `evaluate()`. */
  get training(): boolean {
    guard(this, 'training', this.#training);
    return this.#training;
  }
  set training(mode: boolean) {
    setGuarded(this, 'training', () => {
      this.#training = mode;
    });
  }

  /**
   * The tree of parameters that gradients are taken of: without frozen ones. For `valueAndGrad`.
   * @throws ValueError as `namedParameters`
   */
  parameterTree(): object {
    requireVisible(this);
    const fields = fieldsOf(this).filter(([, field]) => !isFrozen(field));
    const trainable = (leaf: unknown): unknown => (isFrozen(leaf) ? [] : leaf);
    return mapTree(nameOf(this), Object.fromEntries(fields), trainable) as object;
  }

  /**
   * All parameters with their names, frozen ones too. One that stands in several places (tied weights) comes once, under its first name.
   * @throws ValueError for a field that holds some where they cannot be named: in an array beside other things, a plain object, a Map or a Set;
   * and where a plain tensor has taken the place of a parameter, by an assignment or in a `functionalCall`.
   */
  namedParameters(): [name: string, parameter: Parameter][] {
    const seen = new Set<Parameter>();
    return partsIn(this).flatMap(([path, node]) => {
      if (node instanceof Module) requireVisible(node);
      if (!(node instanceof Parameter) || seen.has(node)) return [];
      seen.add(node);
      return [[path, node] as [string, Parameter]];
    });
  }

  /** All parameters, each once. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, parameter]) => parameter);
  }

  /** This module under the name '', and all modules in it with their names. */
  namedModules(): [name: string, module: Module][] {
    return partsIn(this).filter((entry): entry is [string, Module] => entry[1] instanceof Module);
  }

  /** How its parameters are named in a state dict, where the names of the fields do not say: see `stateDict`. For overriding; empty here. */
  stateForm(): StateForm {
    return {};
  }

  /** How many numbers training can change. */
  get parameterCount(): number {
    return this.parameters().reduce((sum, parameter) => sum + parameter.size, 0);
  }

  /**
   * Puts this module and all in it into training mode, or with `false` into evaluation mode.
   * @throws ValueError for anything but a boolean.
   */
  train(mode = true): this {
    if (typeof mode !== 'boolean')
      throw new ValueError(`train: expected true or false, got ${describeValue(mode)}`);
    return this.#setTraining(mode);
  }

  /** Puts this module and all in it into evaluation mode. PyTorch's `eval`. */
  evaluate(): this {
    return this.#setTraining(false);
  }

  /** Freezes all parameters: no gradients, no updates. `unfreeze` takes it back. */
  freeze(): this {
    for (const parameter of this.parameters()) parameter.frozen = true;
    return this;
  }

  /** Lets all parameters be trained again. */
  unfreeze(): this {
    for (const parameter of this.parameters()) parameter.frozen = false;
    return this;
  }

  /** Gives the memory of all parameters back at once; without it, that happens some time after the module is dropped. */
  [Symbol.dispose](): void {
    for (const parameter of this.parameters()) parameter[Symbol.dispose]();
  }

  #setTraining(training: boolean): this {
    for (const [, module] of this.namedModules()) module.training = training;
    return this;
  }
}

brand(Module.prototype, '@chronograd/nn');

/**
 * The parameters and modules that stand right in a module, with the names of their fields; those in arrays with their places, `cells.0`.
 * @throws ValueError as `namedParameters`
 */
export function partsOf(module: Module): [path: string, part: Part][] {
  refuseHidden(module);
  return leaves(nameOf(module), fieldsIn(module)).map(({ path, leaf }) => [path, leaf as Part]);
}

type Part = Parameter | Module;

const isPart = (value: unknown): value is Part => value instanceof Parameter || value instanceof Module;
const isFrozen = (value: unknown): boolean => value instanceof Parameter && value.frozen;

/** The fields of a module that are parameters, modules, or arrays of nothing else. */
function fieldsOf(module: Module): [string, Nested<Part>][] {
  guardFields(module);
  return Object.entries(module).filter((entry): entry is [string, Nested<Part>] =>
    isNested(entry[1], isPart),
  );
}

const fieldsIn = (module: Module): Branch => Object.fromEntries(fieldsOf(module));

/** @throws ValueError where a module has parameters that would not be trained without a word. */
function requireVisible(module: Module): void {
  refuseReplaced(module);
  refuseHidden(module);
  noteParameters(module);
}

/** Throws for a field with parameters that would stay as they are, for no tree shows them. */
function refuseHidden(module: Module): void {
  for (const [name, field] of Object.entries(module)) {
    if (typeof field !== 'object' || field === null || isNested(field, isPart)) continue;
    const contents = contentsOf(field);
    const foreign = isForeign(field) ? field : contents.find(isForeign);
    if (foreign !== undefined) {
      throw new ValueError(
        `${nameOf(module)}: expected parameters and modules of its own copy of the packages, got in the field ${name} ${describeValue(foreign)}`,
      );
    }
    if (!contents.some((each) => holds(each, isPart))) continue;
    throw new ValueError(
      `${nameOf(module)}: parameters or modules came in the field ${name}, where they would not be trained; a parameter, a module, or an array of nothing else was expected: give them fields or a Module of their own`,
    );
  }
}

/** What an array, a plain object, a Map or a Set holds; nothing for all else. */
function contentsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map || value instanceof Set) return [...value.values()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
}

const isForeign = (value: unknown): boolean => foreignPackage(value) !== null;

/**
 * A module and everything in it, with paths, parents first.
 * @throws ValueError for a module that holds itself: its parameters would have no end of names.
 */
function partsIn(module: Module): [path: string, part: Part][] {
  const found: [string, Part][] = [];
  const open = (node: unknown, path: string): Branch | null => {
    if (isPart(node)) found.push([path, node]);
    if (!(node instanceof Module)) return isBranch(node) ? node : null;
    refuseHidden(node);
    return fieldsIn(node);
  };
  const cure = 'keep what points upwards in a #private field';
  mapTree(nameOf(module), module, () => undefined, { open, cure });
  return found;
}
