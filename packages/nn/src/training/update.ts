/** One update: gradients of a batch or several, clipping, the optimizer. */
import { type ValueAndGrads, valueAndGrad } from '@chronograd/autograd';
import { ChronogradError, plan, scope, ValueError } from '@chronograd/tensor';
import { checkTraining } from '../checks/check-training.ts';
import { clipByGlobalNorm, clipByValue, globalNorm, NonFiniteGradientError } from '../optim/clip.ts';
import { type ParallelGradient, ParallelGradients } from '../parallel/parallel-gradients.ts';
import { addGrads, type Grads, scaleGrads } from '../parallel/shard-gradients.ts';
import type { Reading } from './batch-readers.ts';
import type { RunOptions } from './run-options.ts';

type Readings = readonly NonNullable<Reading<readonly unknown[]>>[];

/** A loss or a gradient is NaN or infinite. Parameters and optimizer are as before the update. */
export class NonFiniteStepError extends ChronogradError {
  override readonly name = 'NonFiniteStepError';
  /** The number of the update, from 1 on. */
  readonly step: number;
  /** The parameter whose gradient is not finite; null for the loss. */
  readonly parameter: string | null;

  constructor(step: number, parameter: string | null, what: string) {
    super(
      `fit: step ${step}: expected finite numbers, got ${what}; lower the learning rate, clip more, or find the source with detectAnomaly(model, …)`,
    );
    this.step = step;
    this.parameter = parameter;
  }
}

/** The results of an update. */
export interface Updated {
  readonly loss: number;
  readonly norm: number | null;
}

/** Makes updates, and carries the state from batch to batch. */
export class Updates {
  readonly #options: RunOptions;
  readonly #lossAndGrads: (...args: readonly unknown[]) => ValueAndGrads<Grads, unknown>;
  /** Null: the batch is not split. */
  readonly #parallel: ParallelGradients | null;
  #carried: unknown;

  constructor(options: RunOptions) {
    const { model, loss, check, plan: planned, initialState, randoms, shards, workers } = options;
    this.#options = options;
    const shardLoss = { model, loss, randoms, carries: initialState !== undefined, plan: planned };
    this.#parallel =
      shards === null
        ? null
        : new ParallelGradients({ ...shardLoss, verify: check ? 1 : 0 }, shards, workers, initialState);
    const lossAndGrads = valueAndGrad(model, loss);
    this.#lossAndGrads = planned ? plan(lossAndGrads, { verify: check ? 1 : 0 }) : lossAndGrads;
    this.#carried = initialState?.();
  }

  /** The state for the next batch; undefined without one. */
  get carried(): unknown {
    return this.#parallel === null ? this.#carried : this.#parallel.carried;
  }
  set carried(state: unknown) {
    if (this.#parallel === null) this.#carried = state;
    else this.#parallel.carried = state;
  }

  /** Starts the workers. @throws WorkerError */
  async open(): Promise<void> {
    await this.#parallel?.open();
  }

  /** Ends the workers. */
  close(): void {
    this.#parallel?.close();
  }

  /** Whether the loss uses the model as it should. Random generators are as before. */
  check(batch: readonly unknown[]): void {
    const { model, loss, randoms } = this.#options;
    const before = randoms.map(({ state }) => state);
    checkTraining(model, loss, this.#args(batch, this.carried));
    for (const [i, random] of randoms.entries()) random.state = before[i] as (typeof before)[number];
  }

  /**
   * Updates the parameters. It returns a promise if there are workers.
   * @param step the number of the update
   * @throws NonFiniteStepError, WorkerError
   */
  make(step: number, readings: Readings): Updated | Promise<Updated> {
    const { around } = this.#options;
    if (around === undefined) return this.#make(step, readings);
    const made: (Updated | Promise<Updated>)[] = [];
    around(() => void made.push(this.#make(step, readings)));
    const [first] = made;
    if (first !== undefined && made.length === 1) return first;
    throw new ValueError(
      `fit: expected around to call its argument once, got ${made.length} calls; write (update) => update()`,
    );
  }

  #make(step: number, readings: Readings): Updated | Promise<Updated> {
    if (this.#parallel !== null) {
      const gradient = this.#parallel.of(readings);
      if (gradient instanceof Promise) return gradient.then((each) => this.#sharded(step, each));
      return this.#sharded(step, gradient);
    }
    return this.#withStep(step, () =>
      readings.length === 1 ? this.#single(step, readings) : this.#accumulated(step, readings),
    );
  }

  /** Applies the gradient of shards. */
  #sharded(step: number, { loss, results, grads }: ParallelGradient): Updated {
    requireFinite(step, loss);
    const norm = this.#withStep(step, () => scope(() => this.#apply(step, grads())));
    this.#parallel?.carry(results);
    return { loss, norm };
  }

  /** Runs `body`. Its errors about gradients name the update. */
  #withStep<R>(step: number, body: () => R): R {
    try {
      return body();
    } catch (error) {
      if (!(error instanceof NonFiniteGradientError)) throw error;
      throw new NonFiniteStepError(step, error.parameter, `others in the gradient of ${error.parameter}`);
    }
  }

  /** One scope: the gradients reach the optimizer without a copy. */
  #single(step: number, [reading]: Readings): Updated {
    const { loss, norm, state } = scope(() => {
      const { value, grads, aux } = this.#gradients(step, reading, this.#carried);
      return { loss: value, norm: this.#apply(step, grads), state: aux };
    });
    this.#carried = state;
    return { loss, norm };
  }

  /** The mean of the gradients and losses. */
  #accumulated(step: number, readings: Readings): Updated {
    const share = 1 / readings.length;
    let sum: { value: number; grads: Grads; aux: unknown } | null = null;
    for (const reading of readings) {
      const before: typeof sum = sum;
      sum = scope((): NonNullable<typeof sum> => {
        if (before === null) return this.#gradients(step, reading, this.#carried);
        const { value, grads, aux } = this.#gradients(step, reading, before.aux);
        return { value: before.value + value, grads: addGrads(before.grads, grads), aux };
      });
    }
    const { value, grads, aux } = sum as NonNullable<typeof sum>;
    const norm = scope(() => this.#apply(step, scaleGrads(grads, share)));
    const loss = value * share;
    this.#carried = aux;
    return { loss, norm };
  }

  #gradients(
    step: number,
    reading: Reading<readonly unknown[]> | undefined,
    carried: unknown,
  ): { value: number; grads: Grads; aux: unknown } {
    const { batch, restarted } = reading as NonNullable<Reading<readonly unknown[]>>;
    const { initialState } = this.#options;
    const before = restarted ? initialState?.() : carried;
    const { value, grads, aux } = this.#lossAndGrads(...this.#args(batch, before));
    const loss = value.item();
    requireFinite(step, loss);
    return { value: loss, grads, aux: initialState === undefined ? undefined : aux };
  }

  #args(batch: readonly unknown[], carried: unknown): readonly unknown[] {
    return this.#options.initialState === undefined ? batch : [...batch, carried];
  }

  /** Clips, and updates the parameters. @returns the norm before clipping. */
  #apply(step: number, grads: Grads): number | null {
    const { clip, optimizer, inspect, ema } = this.#options;
    inspect?.(grads, step);
    let norm: number | null = null;
    let clipped = grads;
    if (clip?.value !== undefined) clipped = clipByValue(grads, clip.value);
    else if (clip?.norm !== undefined) ({ grads: clipped, norm } = clipByGlobalNorm(grads, clip.norm));
    // Also throws for gradients that are not finite.
    else norm = globalNorm(grads);
    optimizer.update(clipped);
    ema?.update();
    return norm;
  }
}

function requireFinite(step: number, loss: number): void {
  if (!Number.isFinite(loss)) throw new NonFiniteStepError(step, null, `a loss of ${loss}`);
}
