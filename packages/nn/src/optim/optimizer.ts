/** What all optimizers share: whose parameters they update, by which gradients, and what they keep of each. */
import { fullLike, Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import {
  announceWrite,
  inPhase,
  nameOf,
  showValue,
  withoutRecording,
  withScope,
} from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import type { Module } from '../module.ts';
import { gradientsFor, requireCurrent, type Wanted } from './gradients.ts';
import {
  type Group,
  groupsOf,
  mergeSettings,
  type OptimizerOptions,
  optimizerKeys,
  parametersOf,
  type Rate,
} from './groups.ts';
import { requireSchedule, type Schedule } from './schedule.ts';
import { type Kept, type OptimizerState, readState, type Stateful, writeRates, writeState } from './state.ts';

/** What an optimizer is: its settings, and the tensors that it keeps of each parameter, by name with their first value. */
export interface Definition<S extends Rate, Slots extends object> {
  readonly defaults: S;
  /** Throws for settings that make no sense; the learning rate is looked at already. */
  readonly check?: (settings: S) => void;
  readonly slots?: (settings: S) => { readonly [K in keyof Slots]: number };
}

/** What one parameter's step depends on beside its gradient. */
export interface Step<S extends Rate, Slots extends object = object> {
  /** The settings of its group; `lr` is this update's, with the schedule. */
  readonly settings: S;
  /** What is kept of it. */
  readonly slots: Slots;
  /** Which of its updates this is, from 1 on. */
  readonly step: number;
}

interface Entry<S extends Rate, Slots extends object> extends Stateful, Wanted {
  readonly group: Group<S>;
  readonly slots: Slots & Kept;
}

/**
 * Updates a module's parameters in place from a tree of gradients. Frozen parameters are passed by; tied ones are updated once.
 * In order of increasing complexity: `SGD`, `Adagrad`, `RMSprop`, `Adam`, `AdamW`.
 * @example
 * class SignDescent extends Optimizer {
 *   constructor(model: Module, options: OptimizerOptions<Rate> = {}) {
 *     super(model, options, { defaults: { lr: 0.01 } });
 *   }
 *   protected override apply(parameter: Parameter, gradient: Tensor, { settings }: OptimizerStep<Rate>): void {
 *     parameter.assign(parameter.sub(gradient.sign().mul(settings.lr)));
 *   }
 * }
 */
export abstract class Optimizer<S extends Rate = Rate, Slots extends object = object> {
  /** The learning rate of all that is in no group with its own; may be changed between updates. */
  lr: number;
  /** Multiplies all learning rates; null for none. */
  schedule: Schedule | null;
  /** The groups, as they were given; their learning rates may be changed, and they may be frozen, between updates. */
  readonly groups: readonly Group<S>[];
  readonly #entries: ReadonlyMap<string, Entry<S, Slots>>;
  readonly #model: Module;
  #steps = 0;

  /**
   * @throws ValueError for settings that make no sense, for a model without parameters, and for groups that hold others than the model's, or
   * one parameter twice.
   */
  constructor(model: Module, options: OptimizerOptions<S>, { defaults, check, slots }: Definition<S, Slots>) {
    const op = nameOf(this);
    const named = parametersOf(op, model);
    requireOptions(op, options, '{ lr: 0.01 }, or nothing,', optimizerKeys(defaults));
    const settings = mergeSettings(defaults, options);
    const rest: Group<S> = { names: [], settings, lr: null, frozen: false };
    this.#model = model;
    this.groups = groupsOf(op, named, settings, options.groups ?? []);
    this.lr = settings.lr;
    requireSchedule(op, 'schedule', options.schedule);
    this.schedule = options.schedule ?? null;
    for (const group of [rest, ...this.groups]) {
      this.#rate(group);
      check?.(group.settings);
    }
    this.#entries = new Map(
      [...named].map(([name, parameter]) => {
        const group = this.groups.find(({ names }) => names.includes(name)) ?? rest;
        const kept = Object.entries<number>(slots?.(group.settings) ?? {}).map(([slot, first]) => [
          slot,
          new Parameter(fullLike(parameter, first)),
        ]);
        const own = Object.fromEntries(kept) as Slots & Kept;
        return [name, { name, keys: name.split('.'), parameter, group, slots: own, steps: 0 }];
      }),
    );
  }

  /** How many updates were made; the schedule's next argument. */
  get steps(): number {
    return this.#steps;
  }

  /**
   * One step for every parameter that is not frozen.
   * @param grads as `valueAndGrad(model, …)` gives them, clipped or not.
   * @throws ShapeError where a parameter has no gradient, a gradient no parameter, or the two differ in shape or dtype: all names at once.
   * @throws ValueError where the model holds another parameter in the place of one that it had when the optimizer was made, or more of them, and
   * where a learning rate has become negative or not finite. @throws VersionError while a tape is open that saved one of
   * the parameters. Nothing is updated then.
   * @throws OutOfMemoryError where the heap is full. Parameters before the one that did not fit are updated by then.
   */
  update(grads: object): void {
    const factor = this.#factor();
    const wanted = this.#wanted();
    const op = nameOf(this);
    requireCurrent(op, this.#model, wanted);
    const gradients = gradientsFor(op, this.#model, wanted, grads, (name) => this.#entries.has(name));
    const settings = new Map<Group<S>, S>();
    for (const { group } of wanted) {
      if (!settings.has(group)) settings.set(group, { ...group.settings, lr: this.#rate(group) * factor });
    }
    const applyAll = (): void => {
      // All tapes are asked before anything changes.
      for (const { parameter } of wanted) announceWrite(parameter.storage, op);
      wanted.forEach((entry, i) => {
        const { parameter, group, slots } = entry;
        this.apply(parameter, gradients[i]!, {
          settings: settings.get(group)!,
          slots,
          step: entry.steps + 1,
        });
        entry.steps++;
      });
    };
    // Not from the arena's bottom: the gradients may stand there.
    inPhase('update', () => withoutRecording(() => withScope(applyAll, asIs, false)));
    this.#steps++;
  }

  /** What an update changes: all that is not frozen. */
  #wanted(): Entry<S, Slots>[] {
    const wanted: Entry<S, Slots>[] = [];
    for (const entry of this.#entries.values())
      if (!entry.parameter.frozen && !entry.group.frozen) wanted.push(entry);
    return wanted;
  }

  /**
   * All that another optimizer of the same model and settings needs in order to go on where this
   * one stands, as copies. For saving, together with the parameters themselves.
   * - `lr`, and `lr.<group>` of each group that has its own: learning rates before the schedule
   *   (float64 []).
   * - `steps` and `steps.<parameter>`: counts of updates (int32 []).
   * - `<what>.<parameter>`: what is kept of each parameter.
   */
  state(): OptimizerState {
    return { ...writeRates([this, ...this.groups]), ...writeState(this.#steps, this.#entries) };
  }

  /**
   * Goes on where another optimizer stood, with its learning rates, as PyTorch's `load_state_dict`.
   * Set `lr` afterwards for another one. A state without `lr` leaves the rates as they are.
   * @throws ShapeError where the state does not fit this one: all that is missing, unexpected or of
   * another shape or dtype. ValueError for a count or a rate that cannot be. Then nothing is loaded.
   */
  loadState(state: OptimizerState): void {
    const { steps, rates } = readState(nameOf(this), state, this.#entries, [this, ...this.groups]);
    const [lr, ...ofGroups] = rates;
    this.#steps = steps;
    this.lr = lr ?? this.lr;
    this.groups.forEach((group, i) => {
      const own = ofGroups[i];
      if (own !== undefined) group.lr = own;
    });
  }

  /** One parameter's step. Nothing in it is recorded, and what it computes is gone when it returns. */
  protected abstract apply(parameter: Parameter, gradient: Tensor, step: Step<S, Slots>): void;

  /** What is kept of each parameter under a name. */
  protected slot(slot: keyof Slots & string): ReadonlyMap<string, Parameter> {
    const kept = [...this.#entries].flatMap(([name, { slots }]) =>
      slot in slots ? [[name, slots[slot]] as const] : [],
    );
    return new Map(kept);
  }

  /** A group's learning rate, before the schedule. */
  #rate(group: Group<S>): number {
    return this.#requireRate(group.lr ?? this.lr, 'lr');
  }

  /** What the schedule multiplies rates by in this update. */
  #factor(): number {
    const { schedule } = this;
    return schedule === null ? 1 : this.#requireRate(schedule(this.#steps), `schedule(${this.#steps}) =`);
  }

  #requireRate(rate: number, what: string): number {
    if (typeof rate === 'number' && rate >= 0 && Number.isFinite(rate)) return rate;
    throw new ValueError(
      `${nameOf(this)}: ${what} ${showValue(rate)} came, a finite number from 0 on was expected`,
    );
  }
}

const asIs = (): void => {};
