/** Training: updates, validation, checkpoints, and their events. */
import { ValueError } from '@chronograd/tensor';
import { type BatchReader, type Reading, readerOf } from './batches.ts';
import { Pauses } from './event-loop.ts';
import type { FinalWeights, FitEnd, FitEvent, StepEvent } from './events.ts';
import type { CarryFitOptions, FitOptions } from './options.ts';
import { type Best, Progress } from './progress.ts';
import { type RunOptions, runOptions } from './run-options.ts';
import {
  decodeSnapshot,
  encodeSnapshot,
  type FitSnapshot,
  type RunParts,
  restoreSnapshot,
  takeSnapshot,
} from './snapshot.ts';
import { Updates } from './update.ts';
import { Validation } from './validation.ts';
import { copyWeights, putWeights, type WeightCopies } from './weights.ts';

const NAME = 'fit.safetensors';

type ReadBatch = NonNullable<Reading<readonly unknown[]>>;

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
  readonly #validation: Validation | null;
  readonly #pauses: Pauses;
  /** The weights of the last update, while the model holds others. */
  #last: WeightCopies | null = null;
  #begun = false;
  #running = false;
  #stopped = false;
  /** The updates before the last checkpoint. */
  #savedAt: number | null = null;

  /** @param options those of `fit`, checked. Use `fit`. */
  constructor(options: RunOptions) {
    const { batches, epochs, pause } = options;
    this.#options = options;
    this.#reader = readerOf('fit', batches, epochs);
    this.#updates = new Updates(options);
    this.#pauses = new Pauses(pause);
    this.#validation = options.validation === null ? null : new Validation(options, this.#pauses);
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
    return takeSnapshot(this.#parts, this.#last ?? copyWeights(this.#options.model));
  }

  /**
   * Continues from the snapshot of a run with the same options.
   * @throws CheckpointError if it does not fit. Nothing is changed then.
   */
  restore(snapshot: FitSnapshot): void {
    restoreSnapshot(this.#parts, snapshot);
    this.#last = null;
    this.#begun = true;
  }

  /**
   * Writes a checkpoint to the storage of the options.
   * @returns its size in bytes. @throws ValueError without storage.
   */
  async save(): Promise<number> {
    const { checkpoint } = this.#options;
    if (checkpoint === null) throw new ValueError('save: expected the option checkpoint of fit, got none');
    const { storage, name = NAME } = checkpoint;
    const bytes = encodeSnapshot(this.snapshot());
    await storage.write(name, bytes);
    return bytes.length;
  }

  /** Puts the weights of the best validation into the model. @throws ValueError without any. */
  restoreBest(): void {
    this.#show('best');
  }

  /** Puts the weights of the last update into the model again. Iterating does so too. */
  restoreLast(): void {
    this.#show('last');
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
    this.#show('last');
    const { validation, checkpoint } = this.#options;
    for (;;) {
      if (isDue(validation?.every, this.step) && !this.#progress.validated) yield* this.#validate();
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
    const { checkpoint } = this.#options;
    if (this.#begun || checkpoint === null) return;
    const { storage, name = NAME, resume = false } = checkpoint;
    const bytes = await storage.read(name);
    if (bytes !== null && !resume)
      throw new ValueError(
        `fit: expected no ${name} in the storage, got one; continue it with checkpoint.resume: true, or use another name`,
      );
    if (bytes !== null) {
      this.restore(decodeSnapshot(bytes));
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
    const { accumulate, check, around, optimizer } = this.#options;
    const readings: ReadBatch[] = [];
    while (readings.length < accumulate) {
      const next = this.#reader.next();
      const reading = next instanceof Promise ? await next : next;
      if (reading === null) break;
      readings.push(reading);
    }
    const [first] = readings;
    if (first === undefined) return null;
    const step = this.step + 1;
    if (check && step === 1) this.#updates.check(first.batch);
    const lr = optimizer.lr * (optimizer.schedule?.(optimizer.steps) ?? 1);
    let made = { loss: Number.NaN, norm: null as number | null };
    const update = (): void => {
      made = this.#updates.make(step, readings);
    };
    if (around === undefined) update();
    else around(update);
    this.#progress.updated();
    return { type: 'step', step, epoch: this.epoch, loss: made.loss, gradientNorm: made.norm, lr };
  }

  async *#validate(): AsyncGenerator<FitEvent, void, undefined> {
    const { ema, plateau, optimizer } = this.#options;
    const progress = this.#progress;
    let loss: number;
    let improved: boolean;
    try {
      if (ema !== null) this.#show('average');
      loss = await (this.#validation as Validation).measure();
      improved = (this.#validation as Validation).improves(loss, this.best);
      progress.measured(loss, improved, () => copyWeights(this.#options.model));
    } finally {
      this.#show('last');
    }
    plateau?.step(loss);
    const { step, bad, best } = progress;
    const [bestLoss, bestStep] = [best?.loss ?? null, best?.step ?? null];
    yield { type: 'validation', step, loss, best: bestLoss, bestStep, improved, bad, lr: optimizer.lr };
    if (improved) yield { type: 'improved', step, loss };
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
    if (measures) yield* this.#validate();
    if (checkpoint !== null && (measures || this.#savedAt !== this.step)) yield await this.#saved();
    const without: FinalWeights = ema === null ? 'last' : 'average';
    const weights = finalWeights === 'best' && this.best === null ? without : finalWeights;
    this.#show(weights);
    const { step, best } = this;
    yield { type: 'done', step, reason, weights, best: best?.loss ?? null, bestStep: best?.step ?? null };
  }

  /** Puts weights into the model, and keeps those of the last update. */
  #show(weights: FinalWeights): void {
    const { model, ema } = this.#options;
    const shown = { last: this.#last, best: this.#progress.bestWeights, average: ema?.weights ?? null }[
      weights
    ];
    if (weights === 'last') {
      if (shown !== null) putWeights(model, shown);
      this.#last = null;
      return;
    }
    if (shown === null)
      throw new ValueError('restoreBest: expected a validation with a finite loss before, got none');
    this.#last ??= copyWeights(model);
    putWeights(model, shown);
  }
}

const isDue = (every: number | undefined, step: number): boolean =>
  every !== undefined && step > 0 && step % every === 0;
