/** Parameter groups: parts of a model with their own settings. */
import { Parameter, ValueError } from '@chronograd/tensor';
import {
  type Branch,
  checkOptions,
  describeValue,
  foreignPackage,
  leaves,
  nameOf,
  showShape,
} from '@chronograd/tensor/engine';
import { Module } from '../module.ts';
import type { Schedule } from './schedule.ts';

/** The setting of every optimizer. */
export interface Rate {
  /** The learning rate. */
  readonly lr: number;
}

/** A part of a model: a parameter, a module, or several. */
export type Part = Parameter | Module | readonly Part[];

/** Settings for a part of the model. Default: the optimizer's settings. */
export type ParameterGroup<S extends Rate> = Partial<S> & {
  /** The part of the model. Groups must not overlap. */
  readonly parameters: Part;
  /**
   * Skip this group during updates. Default: false. (`module.freeze()` also skips computing its
   * gradients.)
   */
  readonly frozen?: boolean;
};

/** Options of an optimizer: its settings, each with a default, a schedule, and groups. */
export type OptimizerOptions<S extends Rate> = Partial<S> & {
  /** Multiplies all learning rates. Default: 1. */
  readonly schedule?: Schedule;
  /** Parts of the model with their own settings. Default: none. */
  readonly groups?: readonly ParameterGroup<S>[];
};

/** A group of an optimizer. */
export interface Group<S extends Rate> {
  /** Its parameters' names in the model. */
  readonly names: readonly string[];
  /** All its settings when it was made; the current learning rate is `lr`. */
  readonly settings: S;
  /** The group's learning rate, null for the optimizer's; may be changed between updates. */
  lr: number | null;
  /** Whether updates skip it; may be changed between updates. */
  frozen: boolean;
}

/**
 * The settings with those given in the options, unless undefined.
 * @param others names of options that are not settings.
 * @throws ValueError for a name that is neither a setting nor one of the others.
 */
export function mergeSettings<S extends Rate>(
  op: string,
  settings: S,
  given: Partial<S>,
  others: readonly string[],
): S {
  const names = [...Object.keys(settings), ...others];
  checkOptions<object>(op, given, Object.fromEntries(names.map((name) => [name, true])));
  const own = Object.entries(given).filter(([name, value]) => name in settings && value !== undefined);
  return { ...settings, ...Object.fromEntries(own) };
}

/** A model's parameters by name. @throws ValueError for anything but a module with parameters. */
export function parametersOf(op: string, model: Module): ReadonlyMap<string, Parameter> {
  if (typeof model?.namedParameters !== 'function' || foreignPackage(model) !== null) {
    throw new ValueError(
      `${op}: expected a model, got ${describeValue(model)}; pass groups in the options: new ${op}(model, { groups: [{ parameters: model.decoder, lr: 0.01 }] })`,
    );
  }
  const named = new Map(model.namedParameters());
  if (named.size > 0) return named;
  throw new ValueError(
    `${op}: expected a model with parameters, got a ${nameOf(model)} without any; parameters must be in its fields, and not in #private ones`,
  );
}

/**
 * The groups of an optimizer.
 * @param named the model's parameters.
 * @throws ValueError for a parameter that is not in the model or in two groups, for an empty group,
 * and for anything but groups.
 */
export function groupsOf<S extends Rate>(
  op: string,
  named: ReadonlyMap<string, Parameter>,
  settings: S,
  given: readonly ParameterGroup<S>[],
): Group<S>[] {
  const names = new Map([...named].map(([name, parameter]) => [parameter, name]));
  const taken = new Set<Parameter>();
  if (!Array.isArray(given))
    throw new ValueError(
      `${op}: expected an array for groups, got ${describeValue(given)}: [{ parameters: model.decoder, lr: 0.01 }]`,
    );
  return given.map((group: ParameterGroup<S>, at) => {
    const refuse = (what: string): never => {
      throw new ValueError(`${op}: group ${at}: ${what}`);
    };
    const members = new Set(membersOf(op, group?.parameters, refuse));
    const own = mergeSettings<S>(`${op}: group ${at}`, settings, group, ['parameters', 'frozen']);
    if (members.size === 0) refuse('expected parameters of the model, got none');
    const nameIn = (parameter: Parameter): string => {
      const name = names.get(parameter);
      if (name === undefined)
        return refuse(
          `expected parameters of the model, got a parameter ${showShape(parameter.shape)} that is not in it`,
        );
      if (taken.has(parameter)) refuse(`expected parameters of no other group, got ${name} a second time`);
      taken.add(parameter);
      return name;
    };
    return {
      names: [...members].map(nameIn),
      settings: own,
      lr: group.lr ?? null,
      frozen: group.frozen ?? false,
    };
  });
}

function membersOf(op: string, part: unknown, refuse: (what: string) => never): Parameter[] {
  const open = (node: unknown): Branch | null => (Array.isArray(node) ? node : null);
  return leaves(op, part, { open }).flatMap(({ leaf }) => {
    if (leaf instanceof Parameter) return leaf;
    if (leaf instanceof Module) return leaf.parameters();
    return refuse(
      `expected { parameters } with a parameter, a module, or an array of them, got ${describeValue(leaf)}`,
    );
  });
}
