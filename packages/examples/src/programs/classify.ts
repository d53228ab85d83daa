/** `classify`: which of ten languages a name of a country, language or currency is in. */
import { Adam, crossEntropy, Embedding, GRU, Linear, Module } from '@chronograd/nn';
import { type PaddedBatch, paddedBatches, Vocabulary } from '@chronograd/nn/data';
import { fit } from '@chronograd/nn/training';
import { Random, type Tensor } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';
import { count, parse, path, program } from '../cli/command-line.ts';
import { grouped } from '../common/format.ts';
import { heatMap } from '../plots/heat.ts';
import { saveFigure } from '../plots/save-figure.ts';

const LANGUAGES = {
  en: 'E English',
  fr: 'F French',
  de: 'G German',
  es: 'S Spanish',
  it: 'I Italian',
  pt: 'P Portuguese',
  nl: 'D Dutch',
  sv: 'W Swedish',
  pl: 'O Polish',
  fi: 'N Finnish',
};
const [BATCH, EMBEDDED] = [64, 24];

/** A name and its language, as an index. */
interface Example {
  readonly name: string;
  readonly language: number;
}

/**
 * Names that Node knows, without those that several languages share. Every fifth thing is held out,
 * in all languages, so that no name of it is in training.
 */
function readNames(): { training: Example[]; heldOut: Example[] } {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const pairs = letters.flatMap((a) => letters.map((b) => a + b));
  const codes = {
    region: pairs,
    language: pairs.map((pair) => pair.toLowerCase()),
    currency: Intl.supportedValuesOf('currency'),
  };
  const found = new Map<string, { language: number; thing: string }[]>();
  Object.keys(LANGUAGES).forEach((language, index) => {
    for (const [type, all] of Object.entries(codes)) {
      const names = new Intl.DisplayNames([language], { type: type as keyof typeof codes, fallback: 'none' });
      for (const code of all) {
        const name = names.of(code)?.toLowerCase();
        if (name === undefined) continue;
        found.set(name, [...(found.get(name) ?? []), { language: index, thing: type + code }]);
      }
    }
  });
  const single = [...found].filter(([, uses]) => new Set(uses.map(({ language }) => language)).size === 1);
  const things = [...new Set(single.map(([, [use]]) => use!.thing))].sort();
  const isHeldOut = new Set(things.filter((_, i) => i % 5 === 0));
  const examples = (held: boolean): Example[] =>
    single
      .filter(([, [use]]) => isHeldOut.has(use!.thing) === held)
      .map(([name, [use]]) => ({ name, language: use!.language }));
  return { training: examples(false), heldOut: examples(true) };
}

/** Reads letters in both directions, and takes the mean of what it has read. */
class Classifier extends Module {
  readonly embedding: Embedding;
  readonly recurrent: GRU;
  readonly decoder: Linear;
  constructor(letters: number, hidden: number, random: Random) {
    super();
    this.embedding = new Embedding(letters, EMBEDDED, { random });
    this.recurrent = new GRU(EMBEDDED, hidden, { bidirectional: true, random });
    this.decoder = new Linear(2 * hidden, Object.keys(LANGUAGES).length, { random });
  }
  forward({ inputs, lengths, mask }: PaddedBatch): Tensor {
    const { outputs } = this.recurrent.forward(this.embedding.forward(inputs), undefined, { lengths });
    return this.decoder.forward(outputs.sum(0).div(mask.sum(0).unsqueeze(1)));
  }
}

/** Naive Bayes: log frequencies of all three neighboring letters, with one more of each. */
function countGrams(examples: readonly Example[]): (name: string) => number {
  const gramsOf = (name: string): string[] =>
    Array.from({ length: name.length + 1 }, (_, i) => `^^${name}$`.slice(i, i + 3));
  const counts = Object.keys(LANGUAGES).map(() => new Map<string, number>());
  for (const { name, language } of examples)
    for (const gram of gramsOf(name)) counts[language]!.set(gram, (counts[language]!.get(gram) ?? 0) + 1);
  const kinds = new Set(counts.flatMap((each) => [...each.keys()])).size;
  const totals = counts.map((each) => [...each.values()].reduce((a, b) => a + b, kinds));
  return (name) => {
    const scores = counts.map((each, language) =>
      gramsOf(name).reduce((sum, gram) => sum + Math.log(((each.get(gram) ?? 0) + 1) / totals[language]!), 0),
    );
    return scores.indexOf(Math.max(...scores));
  };
}

interface Flags {
  readonly hidden: number;
  readonly epochs: number;
  readonly seed: number;
  readonly plot: string;
}

async function main({ hidden, epochs, seed, plot }: Flags): Promise<void> {
  const began = performance.now();
  useWideKernels();
  const { training, heldOut } = readNames();
  const random = new Random(seed);
  const vocabulary = Vocabulary.of([...training, ...heldOut].map(({ name }) => name).join(''));
  const batchesOf = (examples: readonly Example[], batch: number) =>
    paddedBatches(
      examples.map(({ name }) => Int32Array.from(vocabulary.encode(name))),
      { batch, targets: Int32Array.from(examples, ({ language }) => language), buckets: 4, random },
    );
  console.log(
    `${grouped(training.length)} names in ${Object.keys(LANGUAGES).length} languages, ${grouped(heldOut.length)} held out`,
  );
  const model = new Classifier(vocabulary.size, hidden, random);
  const run = fit({
    model,
    optimizer: new Adam(model, { lr: 0.004 }),
    batches: batchesOf(training, BATCH),
    loss: (batch) => crossEntropy(model.forward(batch), batch.targets),
    epochs,
    clip: { norm: 1 },
    plan: false, // a plan would record once for each list of lengths
  });
  let last = 0;
  for await (const event of run) {
    if (event.type !== 'step' || event.epoch === last) continue;
    last = event.epoch;
    console.log(`epoch ${last}: loss ${event.loss.toFixed(3)}`);
  }
  const confusion = Object.keys(LANGUAGES).map(() =>
    new Array<number>(Object.keys(LANGUAGES).length).fill(0),
  );
  for (const [batch] of batchesOf(heldOut, 256).pass()) {
    const found = model.forward(batch).argmax(-1).toTypedArray();
    batch.targets.toTypedArray().forEach((language, i) => {
      confusion[language]![found[i]!]! += 1;
    });
  }
  const bayes = countGrams(training);
  const right = heldOut.filter(({ name, language }) => bayes(name) === language).length;
  const diagonal = confusion.reduce((sum, row, i) => sum + row[i]!, 0);
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  console.log('\nHeld-out names with the right language');
  console.log(`  naive Bayes, three letters   ${percent(right / heldOut.length)}`);
  console.log(`  GRU, both directions         ${percent(diagonal / heldOut.length)}`);
  console.log(
    diagonal > right ? 'The network wins.' : 'The network loses: with so few names, use naive Bayes.',
  );
  const rows = Object.values(LANGUAGES).map((label, i) => {
    const total = confusion[i]!.reduce((a, b) => a + b, 0);
    return { label, values: confusion[i]!.map((each) => each / Math.max(1, total)) };
  });
  saveFigure(plot, {
    name: 'classify',
    title: 'Which language a name is in',
    caption: 'A row for each language, a column for each answer: the share of held-out names.',
    panels: [
      heatMap({
        heading: `Right: ${percent(diagonal / heldOut.length)}`,
        scale: 1,
        rows,
        characters: rows.map(({ label }) => label[0]!),
        width: 480,
      }),
    ],
  });
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
}

const command = program('classify', 'Find the language of names, with a GRU in both directions.')
  .option('--hidden <units>', 'units of each direction', count('--hidden'), 48)
  .option('--epochs <number>', 'passes over the names', count('--epochs'), 20)
  .option('--seed <number>', 'seed of weights and order', count('--seed'), 1)
  .option('--plot <path>', 'the figure, as .svg and .png', path('--plot'), 'models/classify')
  .allowExcessArguments(false);
if (parse(command, process.argv.slice(2))) await main(command.opts<Flags>());
