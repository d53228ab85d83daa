/** The training loop: steps, and between them progress, samples, saves and requests to stop. */
import type { Gradients } from '@chronograd/autograd';
import { globalNorm } from '@chronograd/nn';
import { type KernelProfile, withProfile } from '@chronograd/tensor';
import { UsageError } from '../cli/errors.ts';
import type { StopRequest } from '../cli/signals.ts';
import type { CharModel } from './char-model.ts';
import type { ModelDirectory } from './model-directory.ts';
import type { Reporter } from './progress/reporter.ts';
import { sampleCharacters } from './sampling.ts';
import type { Trainer } from './trainer.ts';

const SAVE_EVERY_MS = 60_000;
const YIELD_EVERY_MS = 50;

/** Lets the event loop run during long computations, for signals, timers and output. */
export class EventLoopYield {
  #last: number = performance.now();

  /** Whether to yield now. Reads the clock. */
  get due(): boolean {
    return performance.now() - this.#last >= YIELD_EVERY_MS;
  }

  /** Lets pending callbacks run. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}

/** What the loop works with. */
export interface Run {
  readonly trainer: Trainer;
  readonly directory: ModelDirectory;
  readonly reporter: Reporter;
  readonly stop: StopRequest;
  readonly eventLoop: EventLoopYield;
  /** Times the kernels of all steps. */
  readonly profile: KernelProfile | null;
  /** Reports the gradient norm of each step. Default: false. */
  readonly gradientNorms?: boolean;
}

/** Windows in the reported training loss. The smoothed loss lags far behind in a short run. */
const RECENT = 100;

/** The mean training loss over the last windows of a run. */
export interface RecentLoss {
  /** NaN if there was no window. */
  readonly bitsPerCharacter: number;
  readonly windows: number;
}

export interface LoopResult {
  readonly seconds: number;
  readonly charactersPerSecond: number;
  /** Whether a sample followed the last iteration. */
  readonly sampled: boolean;
  readonly recent: RecentLoss;
}

/** Trains until all iterations are done, the time limit is reached, or a stop is requested. */
export async function trainingLoop(run: Run): Promise<LoopResult> {
  const { trainer, reporter, stop, eventLoop, profile, gradientNorms = false } = run;
  const { batch, steps, iterations, seconds: limit, sampleEvery } = trainer.configuration;
  const first = trainer.iteration;
  const start = performance.now();
  let saved = start;
  let sampled = false;
  const losses: number[] = [];
  const pace = (): { seconds: number; charactersPerSecond: number } => {
    const seconds = (performance.now() - start) / 1000;
    return { seconds, charactersPerSecond: ((trainer.iteration - first) * batch * steps) / seconds };
  };
  const isOver = (): boolean =>
    trainer.iteration >= iterations || stop.exitCode !== null || (limit !== null && pace().seconds >= limit);
  let norm: number | null = null;
  const look = (gradients: Gradients<CharModel>): void => {
    norm = globalNorm(gradients);
  };
  const step = (): number => trainer.step(gradientNorms ? look : undefined);
  while (!isOver()) {
    const loss = profile === null ? step() : withProfile(profile, step);
    losses[(trainer.iteration - first - 1) % RECENT] = loss;
    const { iteration, smoothedLoss, bitsPerCharacter } = trainer;
    const { seconds, charactersPerSecond } = pace();
    const toGo = ((iterations - iteration) * batch * steps) / charactersPerSecond;
    const toLimit = limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - seconds);
    const state = {
      iteration,
      loss,
      smoothedLoss,
      bitsPerCharacter,
      charactersPerSecond,
      secondsLeft: Math.min(toGo, toLimit),
      timeLimited: toLimit < toGo,
    };
    reporter.step(norm === null ? state : { ...state, gradientNorm: norm });
    sampled = sampleEvery > 0 && iteration % sampleEvery === 0;
    if (sampled) showSample(run);
    if (performance.now() - saved >= SAVE_EVERY_MS) {
      saveDuringTraining(run);
      saved = performance.now();
    }
    if (eventLoop.due) await eventLoop.pause();
  }
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return { ...pace(), sampled, recent: { bitsPerCharacter: trainer.bitsOf(mean), windows: losses.length } };
}

/** Reports a sample of the model, which continues the text at the current position. */
export function showSample({ trainer, reporter }: Run): void {
  const { sampleLength: length, temperature } = trainer.configuration;
  const characters = sampleCharacters(trainer.model, trainer.samplingStart(), {
    length,
    temperature,
    random: trainer.random,
  });
  reporter.sample(trainer.text.vocabulary.decode(characters), trainer.iteration);
}

/** Saves the run, and reports where the model of an earlier run was moved. */
export function save({ trainer, directory, reporter }: Run): void {
  const earlier = directory.save(trainer);
  if (earlier !== null) {
    reporter.note(`the model of an earlier run in ${directory.path} is now in ${earlier}`);
  }
}

/** A failure is only reported: a full disk may have space again at the end. */
function saveDuringTraining(run: Run): void {
  try {
    save(run);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    run.reporter.note(`not saved: ${error.message}; training continues`);
  }
}
