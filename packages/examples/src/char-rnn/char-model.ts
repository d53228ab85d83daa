/** The network: characters in, logits of the next character out. */
import {
  type AnyCell,
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
export type ModelConfiguration = Pick<TrainConfiguration, 'cell' | 'hidden' | 'init' | 'dtype'>;

/**
 * A recurrent cell on one-hot characters, and logits = W·h + c of its outputs h. With the cell
 * `rnn` it is the network of min-char-rnn, whose names are: `recurrent.cell.weightIh` Wxh [H, V],
 * `weightHh` Whh [H, H], `biasIh` bh [H]; `decoder.weight` Why [V, H], `bias` by [V].
 */
export class CharModel extends Module {
  readonly recurrent: Recurrent<AnyCell>;
  readonly decoder: Linear;

  /** Draws the weights of the cell first. Biases are 0. */
  constructor(vocabularySize: number, { cell, hidden, init, dtype }: ModelConfiguration, random: Random) {
    super();
    const options = { init: initializerOf(init, hidden), random, dtype };
    this.recurrent = new Recurrent(CELLS[cell](vocabularySize, hidden, options));
    this.decoder = new Linear(hidden, vocabularySize, options);
  }

  /**
   * @param characters int32, shape [T, B]
   * @param state of the cell, for B streams
   * @returns logits [T, B, V] and the state after the last step
   */
  forward(characters: Tensor, state: unknown): { readonly logits: Tensor; readonly state: unknown } {
    const unrolled = this.recurrent.forward(characters, state);
    return { logits: this.decoder.forward(unrolled.outputs), state: unrolled.state };
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
  const { hidden, steps, batch, dtype, clip } = configuration;
  // Weights, their transposes, Adagrad accumulators and gradients, plus clipped gradients.
  const ofParameters = (clip === null ? 4 : 5) * countParameters(vocabularySize, configuration);
  // State and logits of every step, and one result computed from each.
  const ofSteps = 2 * steps * batch * (hidden + vocabularySize);
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
