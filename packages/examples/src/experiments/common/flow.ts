/** How far a loss at the last step reaches back. */
import { crossEntropy } from '@chronograd/nn';
import { gradientFlow } from '@chronograd/nn/probe';
import { Random, type Tensor, tensor } from '@chronograd/tensor';
import { CharModel } from '../../char-rnn/char-model.ts';
import { exponentialFit } from '../../common/statistics.ts';
import type { CharacterTraining } from './characters.ts';

/** Stretches of a text, side by side: what is read, and the character after each stretch. */
export interface Stretches {
  /** int32, [T, B]. */
  readonly inputs: Tensor;
  /** int32, [B]. */
  readonly last: Tensor;
}

/**
 * B stretches of T characters, evenly spread over the text. Where they end does not depend on T: longer ones begin earlier.
 *
 * @throws RangeError where the text is too short
 */
export function stretchesOf(characters: Int32Array, steps: number, batch: number): Stretches {
  const apart = Math.floor((characters.length - 1) / batch);
  if (steps > apart) {
    throw new RangeError(
      `stretchesOf: ${batch} stretches of ${steps} came, of ${characters.length} characters: take fewer or shorter ones`,
    );
  }
  const inputs = Int32Array.from({ length: steps * batch }, (_, i) => {
    return characters[((i % batch) + 1) * apart - steps + Math.floor(i / batch)]!;
  });
  const last = Int32Array.from({ length: batch }, (_, b) => characters[(b + 1) * apart]!);
  return { inputs: tensor(inputs, { shape: [steps, batch] }), last: tensor(last, { shape: [batch] }) };
}

/** A model's weights as they are now, in float64: what fades would end in float32 after some thirty steps. */
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
 * ‖∂L/∂h_t‖ for t = 1 … T, where L is the loss of the last character alone: whatever is there at step t came back through T − t steps. The
 * whole state counts: of an LSTM, h and c.
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

/** What remains of the gradient at each distance from the loss: 1 at distance 0. */
export function remaining(norms: readonly number[]): [distance: number, share: number][] {
  const whole = norms.at(-1)!;
  return norms.map((_, distance) => [distance, norms[norms.length - 1 - distance]! / whole]);
}

/** By which factor a step back changes the gradient, and how well one factor describes all steps. */
export function decayOf(norms: readonly number[]): { readonly rate: number; readonly r2: number } {
  return exponentialFit(remaining(norms));
}

/** The factor of one more step among the shorter lengths, up to the one nearest to a quarter of the longest, and from there on. */
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

/** Where the shorter of several lengths end and the longer begin. */
export function turnOf(lengths: readonly number[]): number {
  const quarter = lengths.at(-1)! / 4;
  return lengths.slice(1, -1).reduce((a, b) => (Math.abs(b - quarter) < Math.abs(a - quarter) ? b : a));
}
