/** What a training run tells while it runs. Three ways of telling it, chosen once: a bar, plain lines, or JSON for programs. */
import type { ProfileRow } from '@chronograd/tensor';
import { BarReporter } from './progress/bar.ts';
import { JsonReporter } from './progress/json.ts';
import { LinesReporter } from './progress/lines.ts';

/** What is known before the first step. */
export interface TrainInfo {
  /** The name of the text. */
  readonly corpus: string;
  /** Characters to train on, and held out. */
  readonly trainCharacters: number;
  readonly heldOutCharacters: number;
  /** V, the number of distinct characters. */
  readonly vocabularySize: number;
  /** How many numbers are learned. */
  readonly parameters: number;
  /** The recurrent cell. */
  readonly cell: string;
  /** H, T and B: hidden units, time steps of a window, streams side by side. */
  readonly hidden: number;
  readonly steps: number;
  readonly batch: number;
  readonly dtype: string;
  /** The kernels in use. */
  readonly kernels: string;
  readonly seed: number;
  /** The first iteration of this run (0 unless it is resumed) and the one it ends before. */
  readonly firstIteration: number;
  readonly iterations: number;
}

/** Where a run is. */
export interface TrainState {
  /** Iterations done. */
  readonly iteration: number;
  /** The loss of the last window, and the smoothed one, as the configuration has it: of a window (sum) or of a character (mean), in nats. */
  readonly loss: number;
  readonly smoothedLoss: number;
  /** The smoothed loss as bits per character. */
  readonly bitsPerCharacter: number;
  readonly charactersPerSecond: number;
  /** The global norm of the window's gradients before clipping, where somebody asked for it. */
  readonly gradientNorm?: number;
  /** Up to the last iteration or the time limit, whichever comes first. NaN where it cannot be told yet. */
  readonly secondsLeft: number;
  /** Whether, at this speed, the time limit comes before the last iteration. */
  readonly timeLimited: boolean;
}

/** How a run ended. */
export interface TrainSummary {
  readonly iterations: number;
  readonly seconds: number;
  readonly charactersPerSecond: number;
  /** Bits per character of the training text: the mean over the last windows of this run. NaN where there was none. */
  readonly bitsPerCharacter: number;
  /** How many windows that is. */
  readonly windows: number;
  /** log₂ V: bits per character of a model that knows nothing. */
  readonly evenGuessing: number;
  /** Whether the model is far worse than one that knows nothing. */
  readonly diverged: boolean;
  /** Bits per character on the held-out text, and those of the n-gram models beside it; null where nothing is held out. */
  readonly heldOut: {
    readonly model: number;
    readonly trigram: number;
    readonly fourgram: number;
  } | null;
  /** The directory the model was saved to; null where it was not. */
  readonly savedTo: string | null;
  /** Whether it was stopped before its last iteration (Ctrl-C, the time limit). */
  readonly stoppedEarly: boolean;
  /** Where the time of all steps went, if that was asked for; the rows add up to the whole. */
  readonly profile: { readonly milliseconds: number; readonly rows: readonly ProfileRow[] } | null;
}

/** Tells a run's story. Whoever starts one closes it whatever happens: a bar holds a timer that keeps the process alive. */
export interface Reporter {
  start(info: TrainInfo): void;
  /** Cheap: call it at every step. What is shown, and how often, is the reporter's affair. */
  step(state: TrainState): void;
  sample(text: string, iteration: number): void;
  /** A remark on one line: what was saved and where, a warning. */
  note(text: string): void;
  end(summary: TrainSummary): void;
  /** Leaves the terminal as it was. May be called twice, and after `end`. */
  close(): void;
}

/** What reporters write to: `process.stdout`, or a stand-in. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** JSON where it was asked for, a bar on a terminal, lines anywhere else. */
export function createReporter(json: boolean, output: Output): Reporter {
  if (json) return new JsonReporter(output);
  return output.isTTY === true ? new BarReporter(output) : new LinesReporter(output);
}
