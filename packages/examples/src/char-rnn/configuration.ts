/** Everything that decides what a training run computes: with the same text, the same configuration gives the same bits on kernels that do. */
import type { CellName } from './cells.ts';
import type { CorpusSource } from './corpora.ts';

/** Clip each element of the gradients to ±at, or scale them all down to a global norm of `at`; null leaves them as they are. */
export type Clip = { readonly by: 'value' | 'norm'; readonly at: number } | null;

/**
 * How weight matrices start (biases start at 0). `{ normal: s }`: s·N; `fan-in`: N·√(1/fan_in); `xavier-normal`: N·√(2/(fan_in + fan_out));
 * `xavier-uniform`: uniform within ±√(6/(fan_in + fan_out)); `pytorch`: uniform within ±1/√H; `orthogonal`: random orthogonal.
 */
export type Init = InitName | { readonly normal: number };
export type InitName = (typeof INIT_NAMES)[number];
export const INIT_NAMES = ['fan-in', 'xavier-normal', 'xavier-uniform', 'pytorch', 'orthogonal'] as const;

export type Dtype = (typeof DTYPES)[number];
export const DTYPES = ['float32', 'float64'] as const;

/** The kernels to compute with. `fastest`: the fast ones where the engine has them, otherwise the strict ones; `strict` and `reference` give the same bits everywhere. */
export type KernelChoice = (typeof KERNEL_CHOICES)[number];
export const KERNEL_CHOICES = ['fastest', 'fast', 'strict', 'reference'] as const;

export interface TrainConfiguration {
  readonly source: CorpusSource;
  /** Share of the text, at its end, that is kept out of training and measured afterwards: 0 up to 1, itself excluded. */
  readonly holdOut: number;
  /** The recurrent cell. */
  readonly cell: CellName;
  /** H, the size of the hidden state. */
  readonly hidden: number;
  /** T, the time steps of a window: gradients reach back that far. */
  readonly steps: number;
  /** B, how many streams of the text are read side by side. */
  readonly batch: number;
  /** Learning rate of Adagrad. */
  readonly lr: number;
  /** Adagrad's epsilon, and whether it stands inside the root: p −= lr·g / √(s + ε), or outside: lr·g / (√s + ε). */
  readonly epsilon: number;
  readonly epsilonInside: boolean;
  readonly clip: Clip;
  readonly init: Init;
  /** Whether the loss is the sum over a window's characters or their mean. */
  readonly reduction: 'sum' | 'mean';
  /** Weight of the past in the smoothed loss, which starts at that of uniform guessing, ln V. */
  readonly smoothing: number;
  /** Whether the hidden state starts anew (zeros) where the text starts anew, at p + T + 1 ≥ length. */
  readonly resetAtEnd: boolean;
  /** How many windows to train on. */
  readonly iterations: number;
  /** Stop after so many seconds, if that comes first; null: never. */
  readonly seconds: number | null;
  readonly seed: number;
  readonly dtype: Dtype;
  readonly kernels: KernelChoice;
  /** Print a sample at every so many iterations; 0: never. */
  readonly sampleEvery: number;
  /** Characters in a sample. */
  readonly sampleLength: number;
  readonly temperature: number;
}
