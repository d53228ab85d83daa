/** The training loop: steps, and between them progress, samples, saves and requests to stop. */
import type { DoneEvent } from '@chronograd/nn/training';
import { UsageError } from '../cli/errors.ts';
import type { StopRequest } from '../cli/signals.ts';
import type { ModelDirectory } from './model-directory.ts';
import type { Reporter } from './progress/reporter.ts';
import { sampleCharacters } from './sampling.ts';
import type { Trainer } from './trainer.ts';

const SAVE_EVERY_MS = 60_000;

/** What the loop works with. */
export interface Run {
  readonly trainer: Trainer;
  readonly directory: ModelDirectory;
  readonly reporter: Reporter;
  readonly stop: StopRequest;
}

/** A loss this many times that of even guessing is worth a warning during training. */
const FAR_ABOVE = 1.5;

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
  /** How training ended. */
  readonly ended: DoneEvent | null;
}

/** Trains until all iterations are done, the time limit is reached, or a stop is requested. */
export async function trainingLoop(run: Run): Promise<LoopResult> {
  const { trainer, reporter, stop } = run;
  const { batch, steps, iterations, seconds: limit, sampleEvery } = trainer.configuration;
  const first = trainer.iteration;
  const start = performance.now();
  let saved = start;
  let sampled = false;
  let warned = false;
  const evenGuessing = Math.log2(trainer.text.vocabulary.size);
  let ended: DoneEvent | null = null;
  const losses: number[] = [];
  const pace = (): { seconds: number; charactersPerSecond: number } => {
    const seconds = (performance.now() - start) / 1000;
    return { seconds, charactersPerSecond: ((trainer.iteration - first) * batch * steps) / seconds };
  };
  const isOver = (): boolean => stop.exitCode !== null || (limit !== null && pace().seconds >= limit);
  for await (const event of trainer) {
    if (event.type === 'validation') {
      const { step, loss, improved, best } = event;
      reporter.report({ event: 'validation', iteration: step, bitsPerCharacter: loss, improved, best });
    }
    if (event.type === 'done') ended = event;
    if (event.type !== 'step') continue;
    const { loss, step: iteration, gradientNorm } = event;
    losses[(iteration - first - 1) % RECENT] = loss;
    const { smoothedLoss, bitsPerCharacter } = trainer;
    const { seconds, charactersPerSecond } = pace();
    const toGo = ((iterations - iteration) * batch * steps) / charactersPerSecond;
    const toLimit = limit === null ? Number.POSITIVE_INFINITY : Math.max(0, limit - seconds);
    reporter.report({
      event: 'step',
      iteration,
      loss,
      smoothedLoss,
      bitsPerCharacter,
      charactersPerSecond,
      secondsLeft: Math.min(toGo, toLimit),
      timeLimited: toLimit < toGo,
      ...(gradientNorm === null ? {} : { gradientNorm }),
    });
    sampled = sampleEvery > 0 && iteration % sampleEvery === 0;
    if (sampled) showSample(run);
    if (performance.now() - saved >= SAVE_EVERY_MS) {
      saveDuringTraining(run);
      saved = performance.now();
    }
    if (!warned && losses.length === RECENT && iteration % RECENT === 0) {
      const bits = trainer.bitsOf(meanOf(losses));
      warned = bits > FAR_ABOVE * evenGuessing;
      if (warned) reporter.report({ event: 'note', text: farAbove(bits, evenGuessing) });
    }
    if (isOver()) trainer.stop();
  }
  const recent = { bitsPerCharacter: trainer.bitsOf(meanOf(losses)), windows: losses.length };
  return { ...pace(), sampled, recent, ended };
}

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function farAbove(bits: number, evenGuessing: number): string {
  return (
    `warning: ${bits.toFixed(3)} bits/char, far above the ${evenGuessing.toFixed(3)} of even guessing: ` +
    'lower --lr, or clip more with --clip or --clip-norm'
  );
}

/** Reports a sample of the model, which continues the text at the current position. */
export function showSample({ trainer, reporter }: Run): void {
  const { sampleLength: length, temperature } = trainer.configuration;
  const characters = sampleCharacters(trainer.model, trainer.samplingStart(), {
    length,
    temperature,
    random: trainer.random,
  });
  const text = trainer.text.vocabulary.decode(characters);
  reporter.report({ event: 'sample', iteration: trainer.iteration, text });
}

/** Saves the run, and reports where the model of an earlier run was moved. */
export function save({ trainer, directory, reporter }: Run): void {
  const earlier = directory.save(trainer);
  if (earlier === null) return;
  const text = `the model of an earlier run in ${directory.path} is now in ${earlier}`;
  reporter.report({ event: 'note', text });
}

/** A failure is only reported: a full disk may have space again at the end. */
function saveDuringTraining(run: Run): void {
  try {
    save(run);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    run.reporter.report({ event: 'note', text: `not saved: ${error.message}; training continues` });
  }
}
