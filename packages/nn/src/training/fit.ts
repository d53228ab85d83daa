/** Training: updates, validation, checkpoints, and their events. */
import { ValueError } from '@chronograd/tensor';
import { type BatchReader, readerOf, readGroup } from './batch-readers.ts';
import { Checkpoints } from './checkpoints.ts';
import { Pauses } from './event-loop.ts';
import type { FinalWeights, FitEnd, FitEvent, StepEvent } from './events.ts';
import type { CarryFitOptions, FitOptions } from './options.ts';
import { type Best, Progress } from './progress.ts';
import { type RunOptions, runOptions } from './run-options.ts';
import { ShownWeights } from './shown-weights.ts';
import { type FitSnapshot, type RunParts, restoreSnapshot, takeSnapshot } from './snapshot.ts';
import { Updates } from './update.ts';
import { Validation } from './validation.ts';

/**
 * Trains a model. The result is iterated for the run's events, and the run makes progress while it
 * is iterated. Equal options give equal bits, also if the run is stopped and resumed anywhere.
 * @throws ValueError for invalid options. While iterated also NonFiniteStepError, TrainingError,
 * and CheckpointError.
 * @example
 * const loss = (x: Tensor, y: Tensor) => crossEntropy(model.forward(x), y);
 * for await (const event of fit({ model, optimizer, loss, batches: [[x, y]], epochs: 10 }))
 *   if (event.type === 'step') console.log(event.step, event.loss);
 */
export function fit<Batch extends readonly unknown[], State>(
  options: CarryFitOptions<Batch, State>,
): Fit<State>;
export function fit<Batch extends readonly unknown[]>(options: FitOptions<Batch>): Fit;
export function fit(options: object): Fit<unknown> {
  return new Fit(runOptions(options));
}

/** A run of `fit`. */
export class Fit<State = undefined> implements AsyncIterable<FitEvent> {
  readonly #options: RunOptions;
  readonly #parts: RunParts;
  readonly #reader: BatchReader<readonly unknown[]>;
  readonly #updates: Updates;
  readonly #progress = new Progress();
  readonly #shown: ShownWeights;
  readonly #validation: Validation | null;
  readonly #checkpoints: Checkpoints;
  readonly #pauses: Pauses;
  #begun = false;
  #running = false;
  #stopped = false;
  /** The updates before the last checkpoint. */
  #savedAt: number | null = null;

  /** @param options those of `fit`, checked. Use `fit`. */
  constructor(options: RunOptions) {
    const { batches, epochs, pause, validation, checkpoint } = options;
    this.#options = options;
    this.#reader = readerOf('fit', batches, epochs);
    this.#updates = new Updates(options);
    this.#pauses = new Pauses(pause);
    this.#shown = new ShownWeights(options, this.#progress);
    this.#checkpoints = new Checkpoints(checkpoint);
    this.#validation =
      validation === null ? null : new Validation(options, this.#progress, this.#shown, this.#pauses);
    this.#parts = { options, reader: this.#reader, updates: this.#updates, progress: this.#progress };
  }

  /** The number of completed updates. */
  get step(): number {
    return this.#progress.step;
  }
  /** The current pass over the batches, from 1 on; 0 before the first batch. */
  get epoch(): number {
    return this.#reader.epoch;
  }
  /** The state for the next batch. */
  get carried(): State {
    return this.#updates.carried as State;
  }
  /** The best validation so far; null if there is none. */
  get best(): Best | null {
    return this.#progress.best;
  }

  /** Ends the run before the next update. Iterating again continues it. */
  stop(): void {
    this.#stopped = true;
  }

  /** A copy of the whole state, with the weights of the last update. */
  snapshot(): FitSnapshot {
    return takeSnapshot(this.#parts, this.#shown.last);
  }

  /**
   * Continues from the snapshot of a run with the same options.
   * @throws CheckpointError if it does not fit. Nothing is changed then.
   */
  restore(snapshot: FitSnapshot): void {
    restoreSnapshot(this.#parts, snapshot);
    this.#shown.assigned();
    this.#begun = true;
  }

  /**
   * Writes a checkpoint to the storage of the options.
   * @returns its size in bytes. @throws ValueError without storage.
   */
  async save(): Promise<number> {
    return await this.#checkpoints.write(this.snapshot());
  }

  /** Puts the weights of the best validation into the model. @throws ValueError without any. */
  restoreBest(): void {
    this.#shown.show('best');
  }

  /** Puts the weights of the last update into the model again. Iterating does so too. */
  restoreLast(): void {
    this.#shown.show('last');
  }

  /**
   * The events. After a `break`, a stop or an error, iterating again continues the run.
   * @throws ValueError while the run is iterated elsewhere.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<FitEvent, void, undefined> {
    if (this.#running) throw new ValueError('fit: expected one loop over a run at a time, got a second one');
    this.#running = true;
    try {
      yield* this.#run();
    } finally {
      this.#running = false;
    }
  }

  async *#run(): AsyncGenerator<FitEvent, void, undefined> {
    await this.#begin();
    this.#shown.show('last');
    try {
      await this.#updates.open();
      yield* this.#steps();
    } finally {
      this.#updates.close();
    }
  }

  async *#steps(): AsyncGenerator<FitEvent, void, undefined> {
    const { validation, checkpoint } = this.#options;
    for (;;) {
      if (isDue(validation?.every, this.step) && !this.#progress.validated) yield* await this.#validated();
      if (isDue(checkpoint?.every, this.step) && this.#savedAt !== this.step) yield await this.#saved();
      const reason = this.#reason();
      const event = reason === null ? await this.#update() : null;
      if (event === null) return yield* this.#end(reason ?? 'epochs');
      yield event;
      const pause = this.#pauses.due();
      if (pause !== null) await pause;
    }
  }

  /** Resumes from the storage. */
  async #begin(): Promise<void> {
    if (this.#begun) return;
    const saved = await this.#checkpoints.read();
    if (saved !== null) {
      this.restore(saved);
      this.#savedAt = this.step;
    }
    this.#begun = true;
  }

  #reason(): FitEnd | null {
    const { steps, validation, signal } = this.#options;
    if (this.#stopped || signal?.aborted === true) return 'stopped';
    if (validation !== null && this.#progress.bad >= (validation.patience ?? Infinity)) return 'patience';
    return this.step >= steps ? 'steps' : null;
  }

  /** Reads batches and makes an update. Null: the batches have ended. */
  async #update(): Promise<StepEvent | null> {
    const { accumulate, check, optimizer } = this.#options;
    const readings = await readGroup(this.#reader, accumulate);
    const [first] = readings;
    if (first === undefined) return null;
    const step = this.step + 1;
    if (check && step === 1) this.#updates.check(first.batch);
    const lr = optimizer.lr * (optimizer.schedule?.(optimizer.steps) ?? 1);
    const { loss, norm } = await this.#updates.make(step, readings);
    this.#progress.updated();
    return { type: 'step', step, epoch: this.epoch, loss, gradientNorm: norm, lr };
  }

  async #validated(): Promise<readonly FitEvent[]> {
    return (await this.#validation?.run()) ?? [];
  }

  async #saved(): Promise<FitEvent> {
    const { step } = this;
    const bytes = await this.save();
    this.#savedAt = step;
    return { type: 'saved', step, bytes };
  }

  async *#end(reason: FitEnd): AsyncGenerator<FitEvent, void, undefined> {
    const { validation, checkpoint, finalWeights, ema } = this.#options;
    this.#stopped = false;
    const measures = reason !== 'stopped' && validation !== null && !this.#progress.validated;
    if (measures) yield* await this.#validated();
    if (checkpoint !== null && (measures || this.#savedAt !== this.step)) yield await this.#saved();
    const without: FinalWeights = ema === null ? 'last' : 'average';
    const weights = finalWeights === 'best' && this.best === null ? without : finalWeights;
    this.#shown.show(weights);
    const { step, best } = this;
    yield { type: 'done', step, reason, weights, best: best?.loss ?? null, bestStep: best?.step ?? null };
  }
}

const isDue = (every: number | undefined, step: number): boolean =>
  every !== undefined && step > 0 && step % every === 0;
