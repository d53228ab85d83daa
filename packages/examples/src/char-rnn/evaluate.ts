/** Evaluates a model on held-out text. */
import { crossEntropy } from '@chronograd/nn';
import { scope, tensor } from '@chronograd/tensor';
import { type CharModel, evaluating } from './char-model.ts';
import { bitsPerCharacter, countGrams, type NgramModel } from './ngram.ts';
import type { TrainSummary } from './progress/reporter.ts';
import type { Work } from './progress/work.ts';
import type { TrainingText } from './training-text.ts';

/** Characters between pauses. Memory holds the logits of one window. */
const WINDOW = 256;

/** The summed loss of each window in nats, in one sequence from the zero state. */
function* windowLosses(model: CharModel, characters: Int32Array): Generator<number, void, void> {
  const predicted = characters.length - 1;
  let state = model.initialState(1);
  for (let from = 0; from < predicted; from += WINDOW) {
    const to = Math.min(from + WINDOW, predicted);
    const shape = [to - from, 1];
    const inputs = tensor(characters.subarray(from, to), { shape });
    const targets = tensor(characters.subarray(from + 1, to + 1), { shape });
    const read = scope(() => {
      const { logits, state: after } = evaluating(model, () => model.forward(inputs, state));
      return { state: after, loss: crossEntropy(logits, targets, { reduction: 'sum' }).item() };
    });
    state = read.state;
    yield read.loss;
  }
}

/**
 * Mean of −log₂ P over every character but the first, each predicted from all before it, in bits.
 * @param characters at least two
 * @param work called between windows; false stops the evaluation
 * @returns null if `work` stopped it
 */
export async function heldOutBits(
  model: CharModel,
  characters: Int32Array,
  work: Work,
  what = 'evaluating',
): Promise<number | null> {
  const predicted = characters.length - 1;
  let [nats, done] = [0, 0];
  for (const loss of windowLosses(model, characters)) {
    nats += loss;
    done = Math.min(done + WINDOW, predicted);
    if (!(await work(what, done / predicted))) return null;
  }
  return nats / predicted / Math.LN2;
}

/** As {@link heldOutBits}, in nats and without pauses. */
export function heldOutNats(model: CharModel, characters: Int32Array): number {
  let nats = 0;
  for (const loss of windowLosses(model, characters)) nats += loss;
  return nats / (characters.length - 1);
}

/** Most characters that are evaluated, at the start of the held-out text. */
const MOST_EVALUATED = 250_000;
/** Most characters that n-grams are counted in, at the end of the training text. */
const MOST_COUNTED = 10_000_000;

/** Bits per character of a model, on equally long texts, and of n-gram models. */
export interface Evaluation {
  /** On the end of the training text. */
  readonly training: number;
  /** On the start of the held-out text. Null: none is held out. */
  readonly heldOut: TrainSummary['heldOut'];
  /** Characters of each of the two texts. */
  readonly characters: number;
  /** Characters that the n-gram models have seen. */
  readonly counted: number;
}

/**
 * Evaluates a model on both texts.
 * @param work as for {@link heldOutBits}
 * @returns null if `work` stopped it
 */
export async function evaluate(
  model: CharModel,
  { training, heldOut, vocabulary }: TrainingText,
  work: Work,
): Promise<Evaluation | null> {
  const longest = heldOut.length === 0 ? training.length : heldOut.length;
  const characters = Math.min(longest, training.length, MOST_EVALUATED);
  const [seen, unseen] = [training.subarray(-characters), heldOut.subarray(0, characters)];
  const onTraining = await heldOutBits(model, seen, work, 'evaluating on training text');
  if (onTraining === null) return null;
  if (heldOut.length === 0) return { training: onTraining, heldOut: null, characters, counted: 0 };
  const onHeldOut = await heldOutBits(model, unseen, work, 'evaluating on held-out text');
  if (onHeldOut === null) return null;
  const counted = training.subarray(-MOST_COUNTED);
  const counting = countGrams(counted, vocabulary.size, 4);
  let step = counting.next();
  for (; step.done !== true; step = counting.next())
    if (!(await work('counting 4-grams', step.value))) return null;
  const [trigram, fourgram] = [3, 4].map((order) =>
    bitsPerCharacter(step.value as NgramModel, unseen, counted, order),
  );
  const ngrams = { trigram: trigram as number, fourgram: fourgram as number };
  return {
    training: onTraining,
    heldOut: { model: onHeldOut, ...ngrams },
    characters,
    counted: counted.length,
  };
}
