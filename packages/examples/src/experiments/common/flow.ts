/** How far a loss at the last step reaches back. */
import { crossEntropy } from '@chronograd/nn';
import { gradientFlow } from '@chronograd/nn/probe';
import { type Tensor, tensor } from '@chronograd/tensor';
import type { CharModel } from '../../char-rnn/char-model.ts';
import { exponentialFit } from './statistics.ts';

/** Stretches of a text, side by side: what is read, and the character after each stretch. */
export interface Stretches {
  /** int32, [T, B]. */
  readonly inputs: Tensor;
  /** int32, [B]. */
  readonly last: Tensor;
}

/** B stretches of T characters, evenly spread over the text. */
export function stretchesOf(characters: Int32Array, steps: number, batch: number): Stretches {
  const apart = Math.floor((characters.length - steps - 1) / batch);
  const inputs = Int32Array.from({ length: steps * batch }, (_, i) => {
    return characters[(i % batch) * apart + Math.floor(i / batch)]!;
  });
  const last = Int32Array.from({ length: batch }, (_, b) => characters[b * apart + steps]!);
  return { inputs: tensor(inputs, { shape: [steps, batch] }), last: tensor(last, { shape: [batch] }) };
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
