/** Gradients of the loss at the last step, by distance in time. */
import { crossEntropy } from '@chronograd/nn';
import type { Indices } from '@chronograd/nn/data';
import { gradientFlow } from '@chronograd/nn/probe';
import { Random, type Tensor, tensor } from '@chronograd/tensor';
import { CharModel } from '../../char-rnn/char-model.ts';
import { exponentialFit } from '../../common/statistics.ts';
import type { CharacterTraining } from './characters.ts';

/** Stretches of a text, and the character after each. */
export interface Stretches {
  /** int32, [T, B]. */
  readonly inputs: Tensor;
  /** int32, [B]. */
  readonly last: Tensor;
}

/**
 * B stretches of T characters, evenly spread over the text. Their ends do not depend on T.
 *
 * @throws RangeError if the text is too short
 */
export function stretchesOf(characters: Indices, steps: number, batch: number): Stretches {
  const apart = Math.floor((characters.length - 1) / batch);
  if (steps > apart) {
    throw new RangeError(
      `stretchesOf: expected ${batch} stretches of at most ${apart} characters in a text of ${characters.length}, got ${steps}; take fewer or shorter ones`,
    );
  }
  const inputs = Int32Array.from({ length: steps * batch }, (_, i) => {
    return characters[((i % batch) + 1) * apart - steps + Math.floor(i / batch)]!;
  });
  const last = Int32Array.from({ length: batch }, (_, b) => characters[(b + 1) * apart]!);
  return { inputs: tensor(inputs, { shape: [steps, batch] }), last: tensor(last, { shape: [batch] }) };
}

/** A copy of a model in float64: fading gradients underflow in float32 after some thirty steps. */
export function inFloat64({ model, config, text }: CharacterTraining): CharModel {
  const { cell, hidden } = config;
  const options = { cell, hidden, init: 'xavier-normal', dtype: 'float64' } as const;
  const copy = new CharModel(text.vocabulary.size, options, new Random(0));
  const weights = new Map(model.namedParameters());
  for (const [path, parameter] of copy.namedParameters())
    parameter.assign(weights.get(path)!.cast('float64'));
  return copy;
}

/**
 * ‖∂L/∂h_t‖ for t = 1 … T, where L is the loss of the last character: the gradient at t went back
 * through T − t steps. Includes the whole state: h and c of an LSTM.
 */
export function lastStepFlow(model: CharModel, { inputs, last }: Stretches): number[] {
  const { norms } = gradientFlow(model, () => {
    const { outputs } = model.recurrent.forward(inputs);
    return crossEntropy(model.decoder.forward(outputs.select(-1)), last);
  });
  const leaves = Object.entries(norms).filter(([name]) => /^recurrent\.cell\.state(\.|$)/.test(name));
  const squares = leaves[0]![1].map((_, t) => leaves.reduce((sum, [, each]) => sum + each[t]! ** 2, 0));
  return [...squares.map(Math.sqrt)];
}

/** Share of the gradient at each distance from the loss. 1 at distance 0. */
export function remaining(norms: readonly number[]): [distance: number, share: number][] {
  const whole = norms.at(-1)!;
  return norms.map((_, distance) => [distance, norms[norms.length - 1 - distance]! / whole]);
}

/** Factor of a step back, fitted to all steps, and R² of the fit. */
export function decayOf(norms: readonly number[]): { readonly rate: number; readonly r2: number } {
  return exponentialFit(remaining(norms));
}

/**
 * Factor of one more step for the shorter lengths, up to about a quarter of the longest, and for
 * the longer.
 */
export function earlyAndLate(byLength: readonly (readonly [steps: number, norm: number])[]): {
  readonly early: number;
  readonly late: number;
} {
  const [first, last] = [byLength[0]!, byLength.at(-1)!];
  const turn = byLength.find(([steps]) => steps === turnOf(byLength.map(([each]) => each)))!;
  const factor = ([from, a]: readonly [number, number], [to, b]: readonly [number, number]): number =>
    (b / a) ** (1 / (to - from));
  return { early: factor(first, turn), late: factor(turn, last) };
}

/**
 * The length that separates the shorter from the longer: the closest to a quarter of the longest.
 */
export function turnOf(lengths: readonly number[]): number {
  const quarter = lengths.at(-1)! / 4;
  return lengths.slice(1, -1).reduce((a, b) => (Math.abs(b - quarter) < Math.abs(a - quarter) ? b : a));
}
