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
  setField,
  setGuarded,
  trackContainer,
} from '@chronograd/tensor/engine';
import type { StateForm } from './formats/state-dict/form.ts';
import { isEvaluating } from './internal/evaluation.ts';
import { noteParameters, refuseReplaced } from './internal/places.ts';
import { requireBoolean } from './internal/require.ts';

/**
 * The base of everything with parameters. Fields that are parameters, modules, or arrays of them
 * form its tree; their names, joined by dots, name the parameters (`recurrent.cell.weightHh`). No
 * registration is needed. `#private` fields are not found and not trained.
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

  /** Whether it is in training mode. Set it with `train()` and `evaluate()`. Default: true. */
  get training(): boolean {
    if (isEvaluating()) return false;
    guard(this, 'training', this.#training);
    return this.#training;
  }
  set training(mode: boolean) {
    setGuarded(this, 'training', () => {
      this.#training = mode;
    });
  }

  /**
   * The tree of parameters without frozen ones, for `valueAndGrad`.
   * @throws ValueError as `namedParameters`
   */
  parameterTree(): object {
    requireVisible(this);
    const tree: Record<string, unknown> = {};
    const trainable = (leaf: unknown): unknown => (isFrozen(leaf) ? [] : leaf);
    for (const [name, field] of fieldsOf(this)) {
      if (isFrozen(field)) continue;
      setField(tree, name, Array.isArray(field) ? mapTree(nameOf(this), field, trainable) : field);
    }
    return tree;
  }

  /**
   * All parameters with their names, frozen ones included. A parameter in several places (tied
   * weights) is listed once, under its first name.
   * @throws ValueError for parameters that cannot be named: in an array with other values, a plain
   * object, a Map or a Set. Also if a plain tensor has replaced a parameter, by assignment or in a
   * `functionalCall`.
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

  /** Names in a state dict that differ from the fields' names: see `stateDict`. Default: none. */
  stateForm(): StateForm {
    return {};
  }

  /** The number of elements of all parameters. */
  get parameterCount(): number {
    return this.parameters().reduce((sum, parameter) => sum + parameter.size, 0);
  }

  /**
   * Sets training mode, or with `false` evaluation mode, for this module and all modules in it.
   * @throws ValueError for anything but a boolean.
   */
  train(mode = true): this {
    requireBoolean('train', 'mode', mode);
    for (const [, module] of this.namedModules()) module.training = mode;
    return this;
  }

  /** Sets evaluation mode for this module and all modules in it. PyTorch's `eval`. */
  evaluate(): this {
    return this.train(false);
  }

  /** Freezes all parameters: no gradients, no updates. */
  freeze(): this {
    for (const parameter of this.parameters()) parameter.frozen = true;
    return this;
  }

  /** Reverses `freeze` for all parameters. */
  unfreeze(): this {
    for (const parameter of this.parameters()) parameter.frozen = false;
    return this;
  }

  /** Frees the memory of all parameters now, not when the garbage collector finds the module. */
  [Symbol.dispose](): void {
    for (const parameter of this.parameters()) parameter[Symbol.dispose]();
  }
}

brand(Module.prototype, '@chronograd/nn');

/**
 * A module's own parameters and modules with the names of their fields; in arrays `cells.0`.
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

/** @throws ValueError if a module has parameters that would silently not be trained. */
function requireVisible(module: Module): void {
  refuseReplaced(module);
  refuseHidden(module);
  noteParameters(module);
}

/** @throws ValueError for a field with parameters that are not in the tree. */
function refuseHidden(module: Module): void {
  for (const [name, field] of Object.entries(module)) {
    if (typeof field !== 'object' || field === null || isNested(field, isPart)) continue;
    const contents = contentsOf(field);
    const foreign = isForeign(field) ? field : contents.find(isForeign);
    if (foreign !== undefined) {
      throw new ValueError(
        `${nameOf(module)}: expected parameters and modules of the same copy of the packages in the field ${name}, got ${describeValue(foreign)}`,
      );
    }
    if (!contents.some((each) => holds(each, isPart))) continue;
    throw new ValueError(
      `${nameOf(module)}: expected a parameter, a module, or an array of only these in the field ${name}, got parameters or modules where they would not be trained; give them separate fields or a separate Module`,
    );
  }
}

/** The values of an array, a plain object, a Map or a Set; none for anything else. */
function contentsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map || value instanceof Set) return [...value.values()];
  if (typeof value !== 'object' || value === null) return [];
  return Object.getPrototypeOf(value) === Object.prototype ? Object.values(value) : [];
}

const isForeign = (value: unknown): boolean => foreignPackage(value) !== null;

/**
 * A module and everything in it, with paths, parents first.
 * @throws ValueError for a module inside itself, whose parameters would have infinitely many names.
 */
function partsIn(module: Module): [path: string, part: Part][] {
  const found: [string, Part][] = [];
  const open = (node: unknown, path: string): Branch | null => {
    if (isPart(node)) found.push([path, node]);
    if (!(node instanceof Module)) return isBranch(node) ? node : null;
    refuseHidden(node);
    return fieldsIn(node);
  };
  const cure = 'keep references to outer modules in #private fields';
  mapTree(nameOf(module), module, () => undefined, { open, cure });
  return found;
}
