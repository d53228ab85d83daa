/** What a model makes of a text that it has not learned from. */
import { crossEntropy } from '@chronograd/nn';
import { scope, tensor } from '@chronograd/tensor';
import type { CharModel } from './char-model.ts';

/** Characters between two pauses. Their logits are all that memory holds at a time. */
const WINDOW = 256;

/** The summed loss of each window of a text in nats, read from a state of zeros in one long sequence: of every character but the first. */
function* windowLosses(model: CharModel, characters: Int32Array): Generator<number, void, void> {
  const predicted = characters.length - 1;
  let state = model.recurrent.initialState(1);
  for (let from = 0; from < predicted; from += WINDOW) {
    const to = Math.min(from + WINDOW, predicted);
    const shape = [to - from, 1];
    const inputs = tensor(characters.subarray(from, to), { shape });
    const targets = tensor(characters.subarray(from + 1, to + 1), { shape });
    const read = scope(() => {
      const { logits, state: after } = model.forward(inputs, state);
      return { state: after, loss: crossEntropy(logits, targets, { reduction: 'sum' }).item() };
    });
    state = read.state;
    yield read.loss;
  }
}

/**
 * The mean of −log₂ P over a text read from a state of zeros in one long sequence, each character predicted from all before it: of
 * every character but the first, in bits.
 *
 * @param characters - at least two
 * @param pause - called again and again on the way; false ends the work
 * @returns null where `pause` ended it
 */
export async function heldOutBits(
  model: CharModel,
  characters: Int32Array,
  pause: () => Promise<boolean>,
): Promise<number | null> {
  let nats = 0;
  for (const loss of windowLosses(model, characters)) {
    nats += loss;
    if (!(await pause())) return null;
  }
  return nats / (characters.length - 1) / Math.LN2;
}

/** The same without a pause, in nats. */
export function heldOutNats(model: CharModel, characters: Int32Array): number {
  let nats = 0;
  for (const loss of windowLosses(model, characters)) nats += loss;
  return nats / (characters.length - 1);
}
