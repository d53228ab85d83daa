/** Parameter groups: parts of a model with settings of their own. */
import { Parameter, ValueError } from '@chronograd/tensor';
import {
  checkOptions,
  describeValue,
  foreignPackage,
  nameOf,
  type OptionKeys,
  showShape,
} from '@chronograd/tensor/engine';
import { Module } from '../module.ts';
import type { Schedule } from './schedule.ts';

/** What every optimizer can be told of its parameters. */
export interface Rate {
  /** The learning rate. */
  readonly lr: number;
}

/** A part of a model: a parameter, a module, or several. */
export type Part = Parameter | Module | readonly Part[];

/** Settings for a part of the model; what they do not name is as in the optimizer's own. */
export type ParameterGroup<S extends Rate> = Partial<S> & {
  /** Whose settings these are; each parameter in one group at most. */
  readonly parameters: Part;
  /** Whether updates pass the group by, as they do with `module.freeze()`, which also saves computing its gradients. false unless named. */
  readonly frozen?: boolean;
};

/** How an optimizer is made: its settings (each has a default), a schedule, and groups. */
export type OptimizerOptions<S extends Rate> = Partial<S> & {
  /** Multiplies all learning rates; 1 throughout unless named. */
  readonly schedule?: Schedule;
  /** Parts of the model with settings of their own; all other parameters have the optimizer's. */
  readonly groups?: readonly ParameterGroup<S>[];
};

const OWN: OptionKeys<Omit<OptimizerOptions<Rate>, keyof Rate>> = { schedule: true, groups: true };
const OF_GROUP: OptionKeys<Omit<ParameterGroup<Rate>, keyof Rate>> = { parameters: true, frozen: true };

/** The options of an optimizer: its settings, and those that all have. */
export function optimizerKeys<S extends Rate>(settings: S): OptionKeys<OptimizerOptions<S>> {
  return { ...keysOf(settings), ...OWN } as OptionKeys<OptimizerOptions<S>>;
}

function groupKeys<S extends Rate>(settings: S): OptionKeys<ParameterGroup<S>> {
  return { ...keysOf(settings), ...OF_GROUP } as OptionKeys<ParameterGroup<S>>;
}

function keysOf(settings: object): object {
  return Object.fromEntries(Object.keys(settings).map((name) => [name, true]));
}

/** A group as an optimizer has it. */
export interface Group<S extends Rate> {
  /** Its parameters' names in the model. */
  readonly names: readonly string[];
  /** All its settings as they were given; the learning rate is `lr`. */
  readonly settings: S;
  /** The group's learning rate, null for the optimizer's; may be changed between updates. */
  lr: number | null;
  /** Whether updates pass it by; may be changed between updates. */
  frozen: boolean;
}

/** The settings that a caller gave, where they are not undefined, over others. */
export function mergeSettings<S extends Rate>(settings: S, given: Partial<S>): S {
  const own = Object.entries(given).filter(([name, value]) => name in settings && value !== undefined);
  return { ...settings, ...Object.fromEntries(own) };
}

/** A model's parameters by name. @throws ValueError for what is no model, and for one without parameters. */
export function parametersOf(op: string, model: Module): ReadonlyMap<string, Parameter> {
  if (typeof model?.namedParameters !== 'function' || foreignPackage(model) !== null) {
    throw new ValueError(
      `${op}: ${describeValue(model)} came, a model was expected; groups go into the options: new ${op}(model, { groups: [{ parameters: model.decoder, lr: 0.01 }] })`,
    );
  }
  const named = new Map(model.namedParameters());
  if (named.size > 0) return named;
  throw new ValueError(
    `${op}: a ${nameOf(model)} without parameters came, a model with some was expected; they must stand in its own fields, not in #private ones`,
  );
}

/**
 * The groups that a caller named.
 * @param named the model's parameters.
 * @throws ValueError for a parameter that is not in the model, or in two groups, for a group without any, and for what are no groups.
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
      `${op}: ${describeValue(given)} came for groups, an array was expected: [{ parameters: model.decoder, lr: 0.01 }]`,
    );
  return given.map((group: ParameterGroup<S>, at) => {
    const refuse = (what: string): never => {
      throw new ValueError(`${op}: group ${at} ${what}`);
    };
    const members = new Set(membersOf(group?.parameters, refuse));
    checkOptions(`${op}: group ${at}`, group, groupKeys(settings));
    if (members.size === 0) refuse('holds no parameters, some of the model were expected');
    const own = [...members].map((parameter) => {
      const name = names.get(parameter);
      if (name === undefined)
        return refuse(`holds a parameter ${showShape(parameter.shape)} that is not in the model`);
      if (taken.has(parameter)) refuse(`holds ${name}, which another group holds already`);
      taken.add(parameter);
      return name;
    });
    return {
      names: own,
      settings: mergeSettings(settings, group),
      lr: group.lr ?? null,
      frozen: group.frozen ?? false,
    };
  });
}

function membersOf(part: Part, refuse: (what: string) => never): Parameter[] {
  if (part instanceof Parameter) return [part];
  if (part instanceof Module) return part.parameters();
  if (foreignPackage(part) !== null) return refuse(`holds ${describeValue(part)}`);
  if (!Array.isArray(part))
    return refuse('came without { parameters }: a parameter, a module, or an array of them');
  return (part as readonly Part[]).flatMap((each) => membersOf(each, refuse));
}
