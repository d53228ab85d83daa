/** Settings of the panel "Train". */

/** What is learned. `text`, `sine` and `column` predict the next value. */
export type TaskId = 'text' | 'adding' | 'copy' | 'sine' | 'column';

export interface TrainSettings {
  readonly task: TaskId;
  /** The user's text, or the numbers of a column, one a line. Empty: a chapter of Moby Dick. */
  readonly data: string;
  /** H, hidden units. */
  readonly hiddenSize: number;
  /** T: steps of a window, and the distance to remember in `adding` and `copy`. */
  readonly steps: number;
  /** B, sequences a batch. */
  readonly batch: number;
  /** Learning rate of Adam. */
  readonly lr: number;
  /** Clips the global norm of the gradients. */
  readonly clip: number;
  readonly seed: number;
  /** Updates after which the run ends. */
  readonly updates: number;
  /** Updates between measurements on held-out data. */
  readonly measureEvery: number;
}

export const trainDefaults: TrainSettings = {
  task: 'text',
  data: '',
  hiddenSize: 64,
  steps: 32,
  batch: 8,
  lr: 0.005,
  clip: 1,
  seed: 1,
  updates: 2000,
  measureEvery: 100,
};
