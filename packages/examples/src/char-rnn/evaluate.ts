/** Evaluates a model on held-out text. */
import { crossEntropy } from '@chronograd/nn';
import { scope, tensor } from '@chronograd/tensor';
import type { CharModel } from './char-model.ts';
import { bitsPerCharacter, trainNgram } from './ngram.ts';
import type { TrainSummary } from './progress/reporter.ts';
import type { TrainingText } from './training-text.ts';

/** Characters between pauses. Memory holds the logits of one window. */
const WINDOW = 256;

/** The summed loss of each window in nats, in one sequence from the zero state. */
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
 * Mean of −log₂ P over every character but the first, each predicted from all before it, in bits.
 * @param characters at least two
 * @param pause called between windows; false stops the evaluation
 * @returns null if `pause` stopped it
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

/** As {@link heldOutBits}, in nats and without pauses. */
export function heldOutNats(model: CharModel, characters: Int32Array): number {
  let nats = 0;
  for (const loss of windowLosses(model, characters)) nats += loss;
  return nats / (characters.length - 1);
}

/**
 * Bits per character of the model and of n-gram models on the held-out text.
 * @param pause as for {@link heldOutBits}
 * @returns null if no text is held out, or `pause` stopped it
 */
export async function compareHeldOut(
  model: CharModel,
  { training, heldOut, vocabulary }: TrainingText,
  pause: () => Promise<boolean>,
): Promise<TrainSummary['heldOut']> {
  if (heldOut.length === 0) return null;
  const bits = await heldOutBits(model, heldOut, pause);
  if (bits === null) return null;
  const ngram = trainNgram(training, vocabulary.size, 4);
  const trigram = bitsPerCharacter(ngram, heldOut, training, 3);
  const fourgram = bitsPerCharacter(ngram, heldOut, training, 4);
  return { model: bits, trigram, fourgram };
}
