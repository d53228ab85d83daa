/**
 * What a model with an RNNCell should compute, by the handwritten network, which shares no code
 * with it.
 */
import type { RNNCell } from '@chronograd/nn';
import { oneHot, type RnnWeights, rnnForward } from '../../../nn/src/checks/bptt/rnn.ts';
import type { CharModel } from '../../src/char-rnn/char-model.ts';

const rows = (values: unknown): number[][] => values as number[][];
const row = (values: unknown): number[] => values as number[];

function weightsOf({ recurrent, decoder }: CharModel): RnnWeights {
  const cell = recurrent.cell as RNNCell;
  return {
    Wxh: rows(cell.weightIh.toArray()),
    Whh: rows(cell.weightHh.toArray()),
    Why: rows(decoder.weight.toArray()),
    bh: row(cell.biasIh?.toArray()),
    by: row(decoder.bias?.toArray()),
  };
}

/**
 * The chances of each character after each of `characters`, read from a state of zeros, at a
 * temperature.
 */
export function chancesAfter(model: CharModel, characters: ArrayLike<number>, temperature = 1): number[][] {
  const weights = weightsOf(model);
  const inputs = Array.from(characters, (character) => [oneHot(character, weights.by.length)]);
  const { logits } = rnnForward(weights, inputs);
  return logits.map(([z]) => {
    const powers = z!.map((value) => Math.exp(value / temperature));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  });
}
