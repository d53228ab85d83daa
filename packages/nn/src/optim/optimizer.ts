/** The base of all optimizers: parameters, their groups, their gradients, and their state. */
import { fullLike, Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import {
  announceWrite,
  inPhase,
  nameOf,
  showValue,
  withoutRecording,
  withScope,
} from '@chronograd/tensor/engine';
import { requireObject } from '../internal/options.ts';
import type { Check } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { type ExpectedGradient, gradientsFor, requireCurrent } from './gradients.ts';
import {
  type Group,
  groupsOf,
  mergeSettings,
  type OptimizerOptions,
  parametersOf,
  type Rate,
} from './groups.ts';
import { requireSchedule, type Schedule } from './schedule.ts';
import {
  countField,
  type OptimizerState,
  rateField,
  readState,
  type StateField,
  tensorField,
  writeState,
} from './state.ts';

/** The definition of an optimizer. */
export interface Definition<S extends Rate, Slots extends object> {
  readonly defaults: S;
  /** Checks of single settings besides the learning rate: `{ eps: (op, name, value) => … }`. */
  readonly checks?: { readonly [K in keyof S]?: Check };
  /** Throws for settings that are invalid together. */
  readonly check?: (settings: S) => void;
  /** The tensors of each parameter's state, by name with their first value. */
  readonly slots?: (settings: S) => { readonly [K in keyof Slots]: number };
}

/** The inputs of one parameter's update besides its gradient. */
export interface Step<S extends Rate, Slots extends object = object> {
  /** The settings of its group; `lr` includes the schedule. */
  readonly settings: S;
  /** Its state. */
  readonly slots: Slots;
  /** The number of this update of the parameter, from 1 on. */
  readonly step: number;
}

interface Entry<S extends Rate, Slots extends object> extends ExpectedGradient {
  readonly group: Group<S>;
  readonly slots: Slots & Readonly<Record<string, Parameter>>;
  steps: number;
}

/**
 * Updates a module's parameters in place from a tree of gradients. Frozen parameters are skipped;
 * tied ones are updated once.
 * @example
 * class SignDescent extends Optimizer {
 *   constructor(model: Module, options: OptimizerOptions<Rate> = {}) {
 *     super(model, options, { defaults: { lr: 0.01 } });
 *   }
 *   protected override apply(p: Parameter, g: Tensor, { settings }: OptimizerStep<Rate>): void {
 *     p.assign(p.sub(g.sign().mul(settings.lr)));
 *   }
 * }
 */
export abstract class Optimizer<S extends Rate = Rate, Slots extends object = object> {
  /** The learning rate of all parameters whose group has none; may be changed between updates. */
  lr: number;
  /** Multiplies all learning rates; null for none. */
  schedule: Schedule | null;
  /** The groups of the options. Their `lr` and `frozen` may be changed between updates. */
  readonly groups: readonly Group<S>[];
  readonly #entries: ReadonlyMap<string, Entry<S, Slots>>;
  readonly #model: Module;
  readonly #updates = { steps: 0 };

  /**
   * @throws ValueError for invalid settings, for a model without parameters, and for groups that
   * overlap or have parameters of another model.
   */
  constructor(model: Module, options: OptimizerOptions<S>, definition: Definition<S, Slots>) {
    const { defaults, checks = {}, check, slots } = definition;
    const op = nameOf(this);
    const named = parametersOf(op, model);
    requireObject(op, options, '{ lr: 0.01 }, or nothing,', 'the options');
    const settings = mergeSettings<S>(op, defaults, options, ['schedule', 'groups']);
    const rest: Group<S> = { names: [], settings, lr: null, frozen: false };
    this.#model = model;
    this.groups = groupsOf(op, named, settings, options.groups ?? []);
    this.lr = settings.lr;
    requireSchedule(op, 'schedule', options.schedule);
    this.schedule = options.schedule ?? null;
    for (const group of [rest, ...this.groups]) {
      this.#requireRate(group.lr ?? this.lr, 'lr');
      for (const [name, checkOne] of Object.entries<Check>(checks as Readonly<Record<string, Check>>))
        checkOne(op, name, group.settings[name as keyof S]);
      check?.(group.settings);
    }
    this.#entries = new Map(
      [...named].map(([name, parameter]) => {
        const group = this.groups.find(({ names }) => names.includes(name)) ?? rest;
        const firsts = Object.entries<number>(slots?.(group.settings) ?? {});
        const made = firsts.map(([slot, first]) => [slot, new Parameter(fullLike(parameter, first))]);
        const entry = {
          name,
          keys: name.split('.'),
          parameter,
          group,
          slots: Object.fromEntries(made),
          steps: 0,
        };
        return [name, entry];
      }),
    );
  }

  /** The number of updates so far, which is the schedule's next argument. */
  get steps(): number {
    return this.#updates.steps;
  }

  /**
   * Makes one step for every parameter that is not frozen. After an error nothing is updated,
   * unless noted.
   * @param grads the gradients of `valueAndGrad(model, …)`, clipped or not.
   * @throws ShapeError naming all parameters without a gradient, gradients without a parameter, and
   * gradients of another shape or dtype.
   * @throws ValueError if parameters of the model were replaced or added after the optimizer was
   * made, and if a learning rate is negative or not finite.
   * @throws VersionError while a tape that saved one of the parameters is open.
   * @throws OutOfMemoryError if the heap is full. Parameters before the one that did not fit are
   * updated.
   */
  update(grads: object): void {
    const { schedule } = this;
    const at = this.steps;
    const factor = schedule === null ? 1 : this.#requireRate(schedule(at), `schedule(${at})`);
    const op = nameOf(this);
    const expected: Entry<S, Slots>[] = [];
    for (const entry of this.#entries.values())
      if (!entry.parameter.frozen && !entry.group.frozen) expected.push(entry);
    requireCurrent(op, this.#model, expected);
    const gradients = gradientsFor(op, this.#model, expected, grads, (name) => this.#entries.has(name));
    const settings = new Map<Group<S>, S>();
    for (const { group } of expected) {
      if (settings.has(group)) continue;
      const rate = this.#requireRate(group.lr ?? this.lr, 'lr');
      settings.set(group, { ...group.settings, lr: rate * factor });
    }
    const applyAll = (): void => {
      // Every open tape is checked before the first write.
      for (const { parameter } of expected) announceWrite(parameter.storage, op);
      expected.forEach((entry, i) => {
        const { parameter, group, slots } = entry;
        this.apply(parameter, gradients[i]!, {
          settings: settings.get(group)!,
          slots,
          step: entry.steps + 1,
        });
        entry.steps++;
      });
    };
    // The arena must not restart from its bottom, where the gradients may be.
    inPhase('update', () => withoutRecording(() => withScope(applyAll, asIs, false)));
    this.#updates.steps++;
  }

  /**
   * Copies of all state that another optimizer with the same model and settings needs to resume.
   * Save it together with the parameters.
   * - `lr`, and `lr.<group>` of each group with its own: learning rates before the schedule
   *   (float64 []).
   * - `steps` and `steps.<parameter>`: counts of updates (int32 []).
   * - `<slot>.<parameter>`: the state of each parameter.
   */
  state(): OptimizerState {
    return writeState(this.#fields());
  }

  /**
   * Restores the `state()` of another optimizer, including its learning rates, as PyTorch's
   * `load_state_dict` does. To use another rate, set `lr` afterwards. A state without `lr` leaves
   * the rates as they are.
   * @throws ShapeError naming all tensors that are missing, unexpected or of another shape or
   * dtype. ValueError for an invalid count or rate. Nothing is loaded then.
   */
  loadState(state: OptimizerState): void {
    readState(nameOf(this), state, this.#fields());
    if (!('lr' in state)) return;
    for (const [i, group] of this.groups.entries()) if (!(`lr.${i}` in state)) group.lr = null;
  }

  #fields(): StateField[] {
    const ofEntries = [...this.#entries.values()].flatMap((entry) => [
      countField(`steps.${entry.name}`, entry),
      ...Object.entries(entry.slots).map(([slot, x]) => tensorField(`${slot}.${entry.name}`, x)),
    ]);
    const ofGroups = this.groups.map((group, i) => rateField(`lr.${i}`, group));
    return [rateField('lr', this), ...ofGroups, countField('steps', this.#updates), ...ofEntries];
  }

  /** One parameter's step. It is not recorded, and its intermediate tensors are freed after it. */
  protected abstract apply(parameter: Parameter, gradient: Tensor, step: Step<S, Slots>): void;

  /** The tensor `slot` of each parameter's state, by parameter name. */
  protected slot(slot: keyof Slots & string): ReadonlyMap<string, Parameter> {
    const found = [...this.#entries].flatMap(([name, { slots }]) =>
      slot in slots ? [[name, slots[slot]] as const] : [],
    );
    return new Map(found);
  }

  #requireRate(rate: number, what: string): number {
    if (Number.isFinite(rate) && rate >= 0) return rate;
    throw new ValueError(
      `${nameOf(this)}: expected a finite number from 0 on for ${what}, got ${showValue(rate)}`,
    );
  }
}

const asIs = (): void => {};
