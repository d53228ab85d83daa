/** `embedding`: vectors of words by skip-gram with negative samples, beside counts of neighbors. */
import { Adam, binaryCrossEntropy, Embedding, Module } from '@chronograd/nn';
import { WordVocabulary } from '@chronograd/nn/data';
import { fit } from '@chronograd/nn/training';
import { concat, normal, ones, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';
import { loadCorpus } from '../char-rnn/corpora.ts';
import { count, parse, path, program } from '../cli/command-line.ts';
import { grouped } from '../common/format.ts';
import { drawWords } from './embedding-map.ts';

/** Words to each side that count as neighbors, and drawn words for each true neighbor. */
const [WINDOW, NEGATIVES, BATCH] = [4, 5, 256];
const SHOWN = 'whale captain sea ship boat white old man eye day one three said hand'.split(' ');
const int32 = { dtype: 'int32' } as const;

/** The score of a word and a neighbor is the product of their vectors. Mikolov and others, 2013. */
class SkipGram extends Module {
  readonly words: Embedding;
  readonly neighbors: Embedding;
  constructor(size: number, width: number, random: Random) {
    super();
    const init = (shape: readonly number[]): Tensor => normal(shape, { random, std: 0.5 / Math.sqrt(width) });
    this.words = new Embedding(size, width, { random, init });
    this.neighbors = new Embedding(size, width, { random, init: (shape) => zeros(shape) });
  }
  /** @param words [B]. @param neighbors [B, N]. @returns scores [B, N]. */
  forward(words: Tensor, neighbors: Tensor): Tensor {
    return this.neighbors.forward(neighbors).matvec(this.words.forward(words));
  }
}

/** Draws words as often as count^0.75. */
function noiseOf(counts: readonly number[]): (random: Random) => number {
  let total = 0;
  const bounds = counts.map((each) => {
    total += each ** 0.75;
    return total;
  });
  return (random) => {
    const at = random.uniform() * total;
    let [low, high] = [0, bounds.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bounds[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Pairs of words at most `WINDOW` apart. Frequent words are left out by chance, as in word2vec. */
function pairsOf(text: Int32Array, counts: readonly number[], random: Random): [Int32Array, Int32Array] {
  const kept = text.filter((word) => random.uniform() < Math.sqrt((1e-3 * text.length) / counts[word]!));
  const [words, neighbors]: [number[], number[]] = [[], []];
  kept.forEach((word, i) => {
    for (let j = Math.max(0, i - WINDOW); j <= Math.min(kept.length - 1, i + WINDOW); j++)
      if (j !== i) {
        words.push(word);
        neighbors.push(kept[j]!);
      }
  });
  return [Int32Array.from(words), Int32Array.from(neighbors)];
}

/** The share of pairs whose score is above that of the word with a neighbor of another pair. */
function ranked(
  pairs: [Int32Array, Int32Array],
  drawn: Int32Array,
  score: (a: number, b: number) => number,
): number {
  const [words, neighbors] = pairs;
  return (
    words.reduce((sum, word, i) => {
      const off = score(word, neighbors[i]!) - score(word, drawn[i]!);
      return sum + (off > 0 ? 1 : off === 0 ? 0.5 : 0);
    }, 0) / words.length
  );
}

/** log of how much more often a pair is in the text than by chance (PMI), or 0 if it never is. */
function countedPairs(
  [words, neighbors]: [Int32Array, Int32Array],
  size: number,
): (a: number, b: number) => number {
  const [together, left, right] = [new Map<number, number>(), new Float64Array(size), new Float64Array(size)];
  words.forEach((word, i) => {
    const key = word * size + neighbors[i]!;
    together.set(key, (together.get(key) ?? 0) + 1);
    left[word]! += 1;
    right[neighbors[i]!]! += 1;
  });
  return (a, b) => {
    const both = together.get(a * size + b) ?? 0;
    return both === 0 ? 0 : Math.max(0, Math.log((both * words.length) / (left[a]! * right[b]!)));
  };
}

interface Flags {
  readonly words: number;
  readonly width: number;
  readonly updates: number;
  readonly seed: number;
  readonly plot: string;
}

async function main({ words: most, width, updates, seed, plot }: Flags): Promise<void> {
  const began = performance.now();
  useWideKernels();
  const { text } = loadCorpus('moby-dick');
  const vocabulary = WordVocabulary.of(text, { lowercase: true, maxSize: most, pattern: /[a-z]+/ });
  const { size } = vocabulary;
  // 0 stands for words that are left out.
  const indices = vocabulary.encode(text).filter((index) => index > 0);
  const cut = Math.floor(0.9 * indices.length);
  const counts = new Array<number>(size).fill(0);
  for (const index of indices.subarray(0, cut)) counts[index]!++;
  const random = new Random(seed);
  const training = pairsOf(indices.subarray(0, cut), counts, random);
  const heldOut = pairsOf(indices.subarray(cut), counts, random);
  const noise = noiseOf(counts);
  console.log(
    `${grouped(size)} words, ${grouped(training[0].length)} pairs, ${grouped(heldOut[0].length)} held out`,
  );
  const model = new SkipGram(size, width, random);
  const targets = concat([ones([BATCH, 1]), zeros([BATCH, NEGATIVES])], 1);
  const batches = (function* (): Generator<[Tensor, Tensor]> {
    for (;;) {
      const at = Array.from({ length: BATCH }, () => random.integer(training[0].length));
      const drawn = at.map((i) => [
        training[1][i]!,
        ...Array.from({ length: NEGATIVES }, () => noise(random)),
      ]);
      yield [
        tensor(
          at.map((i) => training[0][i]!),
          int32,
        ),
        tensor(drawn, int32),
      ];
    }
  })();
  const loss = (words: Tensor, neighbors: Tensor) =>
    binaryCrossEntropy(model.forward(words, neighbors), targets);
  const run = fit({
    model,
    optimizer: new Adam(model, { lr: 0.002 }),
    batches,
    loss,
    steps: updates,
  });
  for await (const event of run)
    if (event.type === 'step' && event.step % Math.ceil(updates / 5) === 0)
      console.log(`update ${event.step}: loss ${event.loss.toFixed(3)}`);

  const drawn = heldOut[0].map(() => heldOut[1][random.integer(heldOut[1].length)]!);
  const pmi = countedPairs(training, size);
  const [rows, columns] = [model.words, model.neighbors].map(
    ({ weight }) => weight.toArray() as number[][],
  ) as [number[][], number[][]];
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  console.log('\nHeld-out neighbors that rank above those of another pair');
  console.log(`  counted pairs (PMI)            ${percent(ranked(heldOut, drawn, pmi))}`);
  console.log(
    `  skip-gram                      ${percent(ranked(heldOut, drawn, (a, b) => dot(rows[a]!, columns[b]!)))}`,
  );
  console.log('\nNearest words');
  const unit = model.words.weight.div(model.words.weight.square().sum(1, true).sqrt());
  for (const word of SHOWN.filter((each) => vocabulary.has(each))) {
    const near = unit.matvec(unit.select(vocabulary.indexOf(word))).topk(5);
    console.log(`  ${word.padEnd(9)}${vocabulary.decode(near.indices.slice([1]).toTypedArray())}`);
  }
  const named = vocabulary.words.filter((word) => word.length > 3).slice(0, 90);
  const shown = unit.gather(
    tensor(
      named.map((word) => vocabulary.indexOf(word)),
      int32,
    ),
  );
  drawWords(named, shown, random, plot);
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
}

const command = program('embedding', 'Learn vectors of the words of Moby Dick.')
  .option('--words <number>', 'size of the vocabulary', count('--words'), 3000)
  .option('--width <numbers>', 'numbers of each vector', count('--width'), 48)
  .option('--updates <number>', 'training updates', count('--updates'), 10000)
  .option('--seed <number>', 'seed of vectors and pairs', count('--seed'), 1)
  .option('--plot <path>', 'the figure, as .svg and .png', path('--plot'), 'models/embedding')
  .allowExcessArguments(false);
if (parse(command, process.argv.slice(2))) await main(command.opts<Flags>());
