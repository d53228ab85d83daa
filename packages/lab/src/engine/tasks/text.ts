/** Text: the next character. */
import { crossEntropy } from '@chronograd/nn';
import { Streams, Vocabulary } from '@chronograd/nn/data';
import { Random, scope, tensor } from '@chronograd/tensor';
import { bitsPerCharacter, countGrams } from '../../../../examples/src/char-rnn/ngram.ts';
import { sampleCharacters, startAfter } from '../../../../examples/src/char-rnn/sampling.ts';
import { ProgramError } from '../program-error.ts';
import { Model } from './model.ts';
import type { MakeTask } from './task.ts';

/** The share of the text, at its end, that is not trained on. */
export const HELD_OUT = 0.1;
/** Most characters that are measured. */
const MEASURED = 2000;
const ORDER = 4;
const SAMPLE = { length: 160, temperature: 0.7 };

export const textTask: MakeTask = ({ data, hiddenSize, steps, batch, seed }) => {
  const vocabulary = Vocabulary.of(data);
  const characters = vocabulary.encode(data);
  const cut = Math.floor(characters.length * (1 - HELD_OUT));
  const [training, heldOut] = [characters.subarray(0, cut), characters.subarray(cut, cut + MEASURED)];
  const least = batch * (steps + 1);
  if (training.length < least || heldOut.length < 2)
    throw new ProgramError(
      `expected a text of at least ${Math.ceil(least / (1 - HELD_OUT)) + 2} characters, got ${characters.length}`,
    );
  const grams = ended(countGrams(training, vocabulary.size, ORDER));
  const bits = ended(bitsPerCharacter(grams, heldOut, training));
  return {
    unit: 'bits per character',
    scale: 1 / Math.LN2,
    baselines: [3, 4].map((order) => ({ label: `${order}-grams`, score: bits[order - 1]! })),
    model: (program) =>
      new Model(program, {
        hiddenSize,
        seed,
        inputs: vocabulary.size,
        outputs: vocabulary.size,
        indices: true,
      }),
    data(model) {
      const streams = new Streams(training, { batch, steps });
      return {
        batches: windowsOf(streams),
        initialState: () => model.initialState(batch),
        loss(x, y, state) {
          const { logits, state: after } = model.forward(x, state);
          return { value: crossEntropy(logits, y), aux: after };
        },
      };
    },
    measure: (model) => ({ heldOut: bitsOf(model, heldOut), sample: sampleOf(model, vocabulary, training) }),
  };
};

function* windowsOf(streams: Streams) {
  for (;;) {
    const { inputs, targets } = streams.next();
    yield [inputs, targets] as const;
  }
}

/** Bits per character, each predicted from all before it in the held-out text. */
function bitsOf(model: Model, characters: Int32Array): number {
  return scope(() => {
    const shape = [characters.length - 1, 1];
    const { logits } = model.forward(tensor(characters.subarray(0, -1), { shape }));
    return crossEntropy(logits, tensor(characters.subarray(1), { shape })).item() / Math.LN2;
  });
}

function sampleOf(model: Model, vocabulary: Vocabulary, training: Int32Array): string {
  const start = startAfter(model, training.subarray(-20));
  const drawn = [...sampleCharacters(model, start, { ...SAMPLE, random: new Random(1) })];
  return vocabulary.decode(Int32Array.from(drawn));
}

/** The result of work that is done in parts. */
function ended<R>(work: Iterator<number, R>): R {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
