/** The loop: step after step, and between steps what a person wants of it: progress, samples, saves, and to be stopped. */
import type { Gradients } from '@chronograd/autograd';
import { globalNorm } from '@chronograd/nn';
import { type KernelProfile, withProfile } from '@chronograd/tensor';
import type { Breathing } from './breathing.ts';
import type { CharModel } from './char-model.ts';
import type { Interruption } from './interruption.ts';
import type { ModelDirectory } from './model-directory.ts';
import type { Reporter } from './progress.ts';
import { sampleCharacters } from './sampling.ts';
import type { Trainer } from './trainer.ts';
import { UsageError } from './usage-error.ts';

const SAVE_EVERY_MS = 60_000;

/** What the loop works with. */
export interface Run {
  readonly trainer: Trainer;
  readonly directory: ModelDirectory;
  readonly reporter: Reporter;
  readonly interruption: Interruption;
  readonly breathing: Breathing;
  /** Where the steps' time goes, for those who asked. */
  readonly profile: KernelProfile | null;
  /** Whether each step tells the norm of its gradients. */
  readonly gradientNorms?: boolean;
}

/** Windows whose mean loss is a run's result on its training text. The smoothed loss lags far behind in a short run. */
const RECENT = 100;

/** The training text's mean loss over the last windows of a run. */
export interface RecentLoss {
  /** NaN where there was no window. */
  readonly bitsPerCharacter: number;
  readonly windows: number;
}

/** How far it came. */
export interface LoopResult {
  readonly seconds: number;
  readonly charactersPerSecond: number;
  /** Whether the last iteration was followed by a sample. */
  readonly sampled: boolean;
  readonly recent: RecentLoss;
}

/** Trains until all iterations are done, the time is up, or somebody asks it to stop. */
export async function trainingLoop(run: Run): Promise<LoopResult> {
  const { trainer, reporter, interruption, breathing, profile, gradientNorms = false } = run;
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
    trainer.iteration >= iterations ||
    interruption.exitCode !== null ||
    (limit !== null && pace().seconds >= limit);
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
      saveInPassing(run);
      saved = performance.now();
    }
    if (breathing.due) await breathing.pause();
  }
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return { ...pace(), sampled, recent: { bitsPerCharacter: trainer.bitsOf(mean), windows: losses.length } };
}

/** A sample of the model as it is, from where the text goes on. */
export function showSample({ trainer, reporter }: Run): void {
  const { sampleLength: length, temperature } = trainer.configuration;
  const characters = sampleCharacters(trainer.model, trainer.samplingStart(), {
    length,
    temperature,
    random: trainer.random,
  });
  reporter.sample(trainer.text.vocabulary.decode(characters), trainer.iteration);
}

/** Saves, and says where an earlier run's model went, if one was there. */
export function save({ trainer, directory, reporter }: Run): void {
  const earlier = directory.save(trainer);
  if (earlier !== null) {
    reporter.note(`the model that an earlier run left in ${directory.path} is kept in ${earlier}`);
  }
}

/** A full disk may be emptied before the end: it is no reason to stop now. */
function saveInPassing(run: Run): void {
  try {
    save(run);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    run.reporter.note(`not saved: ${error.message}; training goes on`);
  }
}
