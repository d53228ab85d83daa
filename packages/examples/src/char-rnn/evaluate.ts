/** Evaluates a model on held-out text. */
import { crossEntropy } from '@chronograd/nn';
import type { Indices } from '@chronograd/nn/data';
import { scope, tensor } from '@chronograd/tensor';
import { type CharModel, evaluating } from './char-model.ts';
import { bitsPerCharacter, countGrams } from './ngram.ts';
import type { TrainSummary } from './progress/reporter.ts';
import { type InParts, type Work, withPauses } from './progress/work.ts';
import type { TrainingText } from './training-text.ts';

/** Characters between pauses. Memory holds the logits of one window. */
const WINDOW = 256;

/**
 * Mean of −ln P over every character but the first, each predicted from all before it, in nats.
 * @param characters at least two
 */
export function* heldOutNats(model: CharModel, characters: Indices): InParts<number> {
  const predicted = characters.length - 1;
  let state = model.initialState(1);
  let nats = 0;
  for (let from = 0; from < predicted; from += WINDOW) {
    const to = Math.min(from + WINDOW, predicted);
    const window = Int32Array.from(characters.subarray(from, to + 1));
    const shape = [to - from, 1];
    const inputs = tensor(window.subarray(0, -1), { shape });
    const targets = tensor(window.subarray(1), { shape });
    const read = scope(() => {
      const { logits, state: after } = evaluating(model, () => model.forward(inputs, state));
      return { state: after, loss: crossEntropy(logits, targets, { reduction: 'sum' }).item() };
    });
    state = read.state;
    nats += read.loss;
    yield to / predicted;
  }
  return nats / predicted;
}

/** Most characters that are evaluated, at the start of the held-out text. */
const MOST_EVALUATED = 250_000;
/** Most characters that n-grams are counted in, at the end of the training text. */
const MOST_COUNTED = 10_000_000;

/** Bits per character of a model, on equally long texts, and of n-gram models. */
export type Evaluation = Pick<TrainSummary, 'heldOut' | 'evaluated' | 'counted'> & {
  readonly training: number;
};

/**
 * Evaluates a model on both texts.
 * @param work called between parts
 * @returns null if `work` stopped it
 */
export async function evaluate(
  model: CharModel,
  { training, heldOut, vocabulary }: TrainingText,
  work: Work,
): Promise<Evaluation | null> {
  const longest = heldOut.length === 0 ? training.length : heldOut.length;
  const evaluated = Math.min(longest, training.length, MOST_EVALUATED);
  const bitsOf = async (text: Indices, what: string): Promise<number | null> => {
    const nats = await withPauses(heldOutNats(model, text), what, work);
    return nats === null ? null : nats / Math.LN2;
  };
  const onTraining = await bitsOf(training.subarray(-evaluated), 'evaluating on training text');
  if (onTraining === null) return null;
  if (heldOut.length === 0) return { training: onTraining, heldOut: null, evaluated, counted: 0 };
  const unseen = heldOut.subarray(0, evaluated);
  const onHeldOut = await bitsOf(unseen, 'evaluating on held-out text');
  if (onHeldOut === null) return null;
  const before = training.subarray(-MOST_COUNTED);
  const grams = await withPauses(countGrams(before, vocabulary.size, 4), 'counting 4-grams', work);
  if (grams === null) return null;
  const bits = await withPauses(bitsPerCharacter(grams, unseen, before), 'evaluating 4-grams', work);
  if (bits === null) return null;
  const [, , trigram = Number.NaN, fourgram = Number.NaN] = bits;
  const figures = { model: onHeldOut, trigram, fourgram };
  return { training: onTraining, heldOut: figures, evaluated, counted: before.length };
}
