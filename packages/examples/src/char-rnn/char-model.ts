/** The network: characters in, logits of the next character out. */
import {
  type AnyCell,
  crossEntropy,
  Dropout,
  fanInNormal,
  type Initializer,
  Linear,
  Module,
  normalInit,
  orthogonal,
  Recurrent,
  uniformInit,
  xavierNormal,
  xavierUniform,
} from '@chronograd/nn';
import { Random, type Tensor } from '@chronograd/tensor';
import { UsageError } from '../cli/errors.ts';
import { CELLS } from './cells.ts';
import type { TrainConfiguration } from './settings.ts';

/** The size and the initial weights of the network. */
export type ModelConfiguration = Pick<TrainConfiguration, 'cell' | 'hidden' | 'init' | 'dtype'> &
  Partial<Pick<TrainConfiguration, 'layers' | 'dropout'>>;

/**
 * Recurrent layers on one-hot characters, and logits = W·h + c of the outputs h of the last one.
 * With one layer of the cell `rnn` it is the network of min-char-rnn, whose names are:
 * `recurrent.cell.weightIh` Wxh [H, V], `weightHh` Whh [H, H], `biasIh` bh [H]; `decoder.weight`
 * Why [V, H], `bias` by [V].
 */
export class CharModel extends Module {
  readonly recurrent: Recurrent<AnyCell>;
  /** The layers above the first one. */
  readonly upper: readonly Recurrent<AnyCell>[];
  /** Between layers. Null: nothing is dropped. */
  readonly dropout: Dropout | null;
  readonly decoder: Linear;

  /** Draws the weights from the first layer on. Biases are 0. */
  constructor(vocabularySize: number, configuration: ModelConfiguration, random: Random) {
    super();
    const { cell, hidden, init, dtype, layers = 1, dropout = 0 } = configuration;
    const options = { init: initializerOf(init, hidden), random, dtype };
    this.recurrent = new Recurrent(CELLS[cell](vocabularySize, hidden, options));
    this.upper = Array.from(
      { length: layers - 1 },
      () => new Recurrent(CELLS[cell](hidden, hidden, options)),
    );
    this.decoder = new Linear(hidden, vocabularySize, options);
    // Masks have their own generator: samples must not change them.
    this.dropout = dropout > 0 ? new Dropout(dropout, { random: new Random(random.bits()) }) : null;
  }

  /** Zeros, for B streams: the state of the cell, or with several layers an array of states. */
  initialState(batch: number): unknown {
    const first = this.recurrent.initialState(batch);
    if (this.upper.length === 0) return first;
    return [first, ...this.upper.map((layer) => layer.initialState(batch))];
  }

  /**
   * @param characters int32, shape [T, B]
   * @param state of all layers, for B streams
   * @returns logits [T, B, V] and the state after the last step
   */
  forward(characters: Tensor, state: unknown): { readonly logits: Tensor; readonly state: unknown } {
    const states: unknown[] = this.upper.length === 0 ? [state] : (state as unknown[]);
    const first = this.recurrent.forward(characters, states[0]);
    const after = [first.state];
    let { outputs } = first;
    this.upper.forEach((layer, i) => {
      const unrolled = layer.forward(this.dropout?.forward(outputs) ?? outputs, states[i + 1]);
      after.push(unrolled.state);
      outputs = unrolled.outputs;
    });
    return { logits: this.decoder.forward(outputs), state: this.upper.length === 0 ? first.state : after };
  }

  /**
   * The cross-entropy of a window, in nats.
   * @param characters and the ones that follow them: int32, shape [T, B]
   * @returns the sum or the mean over the characters, and the state after the last step
   */
  loss(
    characters: Tensor,
    targets: Tensor,
    before: unknown,
    reduction: 'sum' | 'mean' = 'mean',
  ): { readonly value: Tensor; readonly aux: unknown } {
    const { logits, state } = this.forward(characters, before);
    return { value: crossEntropy(logits, targets, { reduction }), aux: state };
  }
}

/** Runs `body` with a model that drops nothing. */
export function evaluating<R>(model: CharModel, body: () => R): R {
  const { training } = model;
  model.evaluate();
  try {
    return body();
  } finally {
    if (training) model.train();
  }
}

function initializerOf(init: ModelConfiguration['init'], hidden: number): Initializer {
  if (typeof init === 'object') return normalInit(init.normal);
  if (init === 'fan-in') return fanInNormal;
  if (init === 'xavier-normal') return xavierNormal;
  if (init === 'xavier-uniform') return xavierUniform;
  return init === 'pytorch' ? uniformInit(hidden) : orthogonal();
}

/** The address space of WebAssembly. */
const MOST_BYTES = 2 ** 32;

/**
 * Checks that a network fits, so that one that cannot fails before it starts.
 * @throws UsageError with the sizes and the limit
 */
export function checkMemory(vocabularySize: number, configuration: TrainConfiguration): void {
  const bytes = leastBytes(vocabularySize, configuration);
  if (bytes <= MOST_BYTES) return;
  const { hidden, steps, batch, dtype } = configuration;
  const gigabytes = (count: number): string => `${(count / 1e9).toFixed(1)} GB`;
  throw new UsageError(
    `--hidden ${hidden}: expected a run of at most ${gigabytes(MOST_BYTES)}, got more than ${gigabytes(bytes)} ` +
      `in ${dtype} with --steps ${steps} and --batch ${batch}; reduce one of them`,
  );
}

/** Bytes that a run with any cell holds at the same time. */
export function leastBytes(vocabularySize: number, configuration: TrainConfiguration): number {
  const { hidden, layers, steps, batch, dtype, clip } = configuration;
  // Weights, their transposes, an optimizer's state and gradients, plus clipped gradients.
  const ofParameters = (clip === null ? 4 : 5) * countParameters(vocabularySize, configuration);
  // States and logits of every step, and one result computed from each.
  const ofSteps = 2 * steps * batch * (layers * hidden + vocabularySize);
  return (ofParameters + ofSteps) * (dtype === 'float32' ? 4 : 8);
}

/**
 * The parameter count of any cell is a quadratic polynomial in H. Three tiny networks determine it.
 */
function countParameters(vocabularySize: number, configuration: TrainConfiguration): number {
  const at = (hidden: number): number => {
    using model = new CharModel(vocabularySize, { ...configuration, hidden }, new Random(0));
    return model.parameterCount;
  };
  const [one, two, three] = [at(1), at(2), at(3)];
  const H = configuration.hidden;
  return (one * (H - 2) * (H - 3)) / 2 - two * (H - 1) * (H - 3) + (three * (H - 1) * (H - 2)) / 2;
}
