/** What a training run reports, and the interface of its reporters. */
import type { ProfileRow } from '@chronograd/tensor';

/** Known before the first step. */
export interface TrainInfo {
  /** The name of the text. */
  readonly corpus: string;
  readonly trainCharacters: number;
  readonly heldOutCharacters: number;
  /** V, the number of distinct characters. */
  readonly vocabularySize: number;
  readonly parameters: number;
  readonly cell: string;
  readonly layers: number;
  /** H, T and B: hidden units, time steps of a window, parallel streams. */
  readonly hidden: number;
  readonly steps: number;
  readonly batch: number;
  readonly dtype: string;
  readonly kernels: string;
  readonly seed: number;
  /** Completed iterations at the start, 0 unless the run is resumed; and those at its end. */
  readonly firstIteration: number;
  readonly iterations: number;
}

/** The state of a run after a step. */
export interface TrainState {
  /** Completed iterations. */
  readonly iteration: number;
  /** Loss of the last window and smoothed loss in nats: of a window (sum) or a character (mean). */
  readonly loss: number;
  readonly smoothedLoss: number;
  /** The smoothed loss as bits per character. */
  readonly bitsPerCharacter: number;
  readonly charactersPerSecond: number;
  /** Global norm of the gradients before clipping, if requested. */
  readonly gradientNorm?: number;
  /** Until the last iteration or the time limit, whichever is first. NaN: not known yet. */
  readonly secondsLeft: number;
  /** Whether, at this speed, the time limit ends the run. */
  readonly timeLimited: boolean;
}

/** The result of a run. */
export interface TrainSummary {
  readonly iterations: number;
  readonly seconds: number;
  readonly charactersPerSecond: number;
  /** Mean over the last windows during training. NaN if there was none. */
  readonly bitsPerCharacter: number;
  /** The number of these windows. */
  readonly windows: number;
  /**
   * Bits per character of the final weights on the end of the training text. Null: not evaluated.
   */
  readonly training: number | null;
  /** Characters of the training text, and of the held-out text, that were evaluated. */
  readonly evaluated: number;
  /** The lengths of both texts. */
  readonly trainCharacters: number;
  readonly heldOutCharacters: number;
  /** Characters of the training text that the n-gram models have seen. */
  readonly counted: number;
  /** The iteration of the weights with the least held-out loss, which are kept. Null: the last. */
  readonly bestIteration: number | null;
  /** log₂ V: bits per character of uniform guessing. */
  readonly evenGuessing: number;
  /** Whether the model is far worse than uniform guessing. */
  readonly diverged: boolean;
  /**
   * Bits per character on the start of the held-out text, of the model and of n-gram models. Null:
   * none.
   */
  readonly heldOut: {
    readonly model: number;
    readonly trigram: number;
    readonly fourgram: number;
  } | null;
  /** The directory of the saved model. Null: not saved. */
  readonly savedTo: string | null;
  /** Whether Ctrl-C or the time limit ended it before its last iteration. */
  readonly stoppedEarly: boolean;
  /** Times of the kernels in all steps, if requested. The rows sum to the total. */
  readonly profile: { readonly milliseconds: number; readonly rows: readonly ProfileRow[] } | null;
}

/** What happens in a run. `--json` prints these objects. */
export type TrainEvent =
  /** Progress of long work outside of the training steps. The share is from 0 to 1. */
  | { readonly event: 'work'; readonly what: string; readonly share: number }
  | ({ readonly event: 'start' } & TrainInfo)
  | ({ readonly event: 'step' } & TrainState)
  /** A held-out loss during training, the best so far, and whether this one is. */
  | {
      readonly event: 'validation';
      readonly iteration: number;
      readonly bitsPerCharacter: number;
      readonly improved: boolean;
      readonly best: number | null;
    }
  | { readonly event: 'sample'; readonly iteration: number; readonly text: string }
  /** A message on one line, such as a warning. */
  | { readonly event: 'note'; readonly text: string }
  | ({ readonly event: 'end' } & TrainSummary);

/** The event of a kind. */
export type EventOf<Kind extends TrainEvent['event']> = Extract<TrainEvent, { readonly event: Kind }>;

/** Reports a run. Close it in any case: the timer of a bar keeps the process alive. */
export interface Reporter {
  /** Cheap enough to call in every step. The reporter decides how often to print. */
  report(event: TrainEvent): void;
  /** Restores the terminal. May be called twice, and after the end. */
  close(): void;
}

/** What reporters write to: `process.stdout`, or a replacement in tests. */
export type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
