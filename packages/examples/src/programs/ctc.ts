/** `ctc`: digits on a stretched, noisy line, read without knowing where each one is. */
import { Adam, ctcLoss, GRU, Linear, Module } from '@chronograd/nn';
import { fit } from '@chronograd/nn/training';
import { Random, type Tensor, tensor } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';
import { count, parse, path, program } from '../cli/command-line.ts';
import { heatMap } from '../plots/heat.ts';
import { saveFigure } from '../plots/save-figure.ts';

/** Three columns of five pixels for each digit. */
const FONT = [
  [31, 17, 31],
  [9, 31, 1],
  [23, 21, 29],
  [21, 21, 31],
  [28, 4, 31],
  [29, 21, 23],
  [31, 21, 23],
  [16, 16, 31],
  [31, 21, 31],
  [29, 21, 31],
].map((glyph) => glyph.map((bits) => [16, 8, 4, 2, 1].map((bit) => (bits & bit) / bit)));
const [ROWS, BLANK, CLASSES, MOST, BATCH, NOISE] = [5, 10, 11, 6, 32, 0.25];
/** Columns of the longest line: each digit is 9 wide at most, with gaps of 3. */
const STEPS = 3 + MOST * (9 + 3);

interface Line {
  /** Five pixels for each column of the line. */
  readonly columns: readonly (readonly number[])[];
  readonly labels: readonly number[];
}

/** 3 to 6 digits. Every column of a digit is 1 to 3 wide, and so is every gap. */
function drawLine(random: Random): Line {
  const labels = Array.from({ length: 3 + random.integer(MOST - 2) }, () => random.integer(10));
  const stretched = (column: readonly number[]) => new Array(1 + random.integer(3)).fill(column);
  const empty = new Array<number>(ROWS).fill(0);
  const drawn = labels.flatMap((label) => [...stretched(empty), ...FONT[label]!.flatMap(stretched)]);
  const all = [...drawn, ...new Array<number[]>(STEPS - drawn.length).fill(empty)];
  const columns = all.map((column) => column.map((pixel: number) => pixel + NOISE * random.normal()));
  return { columns, labels };
}

const inputsOf = (lines: readonly Line[]): Tensor =>
  tensor(lines.map(({ columns }) => columns)).transpose(0, 1);

class Reader extends Module {
  readonly recurrent: GRU;
  readonly decoder: Linear;
  constructor(hidden: number, random: Random) {
    super();
    this.recurrent = new GRU(ROWS, hidden, { bidirectional: true, random });
    this.decoder = new Linear(2 * hidden, CLASSES, { random });
  }
  forward(x: Tensor): Tensor {
    return this.decoder.forward(this.recurrent.forward(x).outputs);
  }
}

type Batch = [x: Tensor, targets: Tensor, lengths: Tensor];

/** Labels behind one another, with their number: all that CTC needs. */
const labelsOf = (lines: readonly Line[]): [Tensor, Tensor] => {
  const rows = lines.map(({ labels }) => [...labels, ...new Array<number>(MOST - labels.length).fill(BLANK)]);
  const int32 = { dtype: 'int32' } as const;
  return [
    tensor(rows, int32),
    tensor(
      lines.map(({ labels }) => labels.length),
      int32,
    ),
  ];
};

async function train(reader: Reader, updates: number, random: Random): Promise<void> {
  const batches = (function* (): Generator<Batch> {
    for (;;) {
      const lines = Array.from({ length: BATCH }, () => drawLine(random));
      yield [inputsOf(lines), ...labelsOf(lines)];
    }
  })();
  const run = fit({
    model: reader,
    optimizer: new Adam(reader, { lr: 0.01 }),
    batches,
    loss: (x, targets, targetLengths) => ctcLoss(reader.forward(x), targets, { targetLengths, blank: BLANK }),
    steps: updates,
    clip: { norm: 1 },
  });
  for await (const event of run)
    if (event.type === 'step' && event.step % Math.ceil(updates / 6) === 0)
      console.log(`update ${event.step}: loss ${event.loss.toFixed(3)}`);
}

/** The likeliest class of each column, without repetitions, then without blanks. */
function read(reader: Reader, lines: readonly Line[]): number[][] {
  const classes = reader.forward(inputsOf(lines)).argmax(-1).transpose().toArray() as number[][];
  return classes.map((row) => row.filter((label, t) => label !== row[t - 1] && label !== BLANK));
}

/** Parts of three columns or more with ink, each named after the nearest digit of the font. */
function byTemplates({ columns }: Line): number[] {
  const ink = columns.map((column) => column.reduce((a, b) => a + b) > 0.5);
  const parts: number[][][] = [];
  for (const [t, column] of columns.entries())
    if (ink[t]) ink[t - 1] ? parts.at(-1)!.push([...column]) : parts.push([[...column]]);
  return parts
    .filter((part) => part.length >= 3)
    .map((part) => {
      const distances = FONT.map((glyph) =>
        glyph.reduce((sum, column, c) => {
          const at = part[Math.min(part.length - 1, Math.floor(((c + 0.5) / 3) * part.length))]!;
          return sum + column.reduce((a, pixel, r) => a + (pixel - at[r]!) ** 2, 0);
        }, 0),
      );
      return distances.indexOf(Math.min(...distances));
    });
}

/** Insertions, deletions and substitutions between two sequences. */
function distance(a: readonly number[], b: readonly number[]): number {
  let row = b.map((_, j) => j + 1);
  a.forEach((x, i) => {
    let [left, diagonal] = [i + 1, i];
    row = row.map((above, j) => {
      left = Math.min(left + 1, above + 1, diagonal + (x === b[j] ? 0 : 1));
      diagonal = above;
      return left;
    });
  });
  return row.at(-1) ?? a.length;
}

function show(name: string, lines: readonly Line[], found: readonly (readonly number[])[]): void {
  const labels = lines.reduce((sum, line) => sum + line.labels.length, 0);
  const errors = lines.reduce((sum, line, n) => sum + distance(line.labels, found[n]!), 0);
  const whole = lines.filter((line, n) => String(line.labels) === String(found[n])).length;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(14);
  console.log(`${name.padEnd(38)}${percent(errors / labels)}${percent(whole / lines.length)}`);
}

interface Flags {
  readonly hidden: number;
  readonly updates: number;
  readonly test: number;
  readonly seed: number;
  readonly plot: string;
}

const command = program('ctc', 'Read digits on a stretched, noisy line.')
  .option('--hidden <units>', 'units of each direction', count('--hidden'), 48)
  .option('--updates <number>', 'training updates', count('--updates'), 800)
  .option('--test <lines>', 'held-out lines', count('--test'), 500)
  .option('--seed <number>', 'seed of weights and lines', count('--seed'), 1)
  .option('--plot <path>', 'the figure, as .svg and .png', path('--plot'), 'models/ctc')
  .allowExcessArguments(false);
if (parse(command, process.argv.slice(2))) await main(command.opts<Flags>());

async function main({ hidden, updates, test, seed, plot }: Flags): Promise<void> {
  const began = performance.now();
  useWideKernels();
  const reader = new Reader(hidden, new Random(seed));
  await train(reader, updates, new Random(seed + 1));
  const random = new Random(seed + 2);
  const lines = Array.from({ length: test }, () => drawLine(random));
  console.log(
    `\n${`${test} held-out lines`.padEnd(38)}${'digit errors'.padStart(14)}${'whole lines'.padStart(14)}`,
  );
  show('parts between gaps, nearest template', lines, lines.map(byTemplates));
  show('network, CTC', lines, read(reader, lines));
  const line = lines.find(({ labels }) => labels.length === MOST) ?? lines[0]!;
  const logits = reader.forward(inputsOf([line]));
  const shares = logits.select(0, 1).softmax().transpose().toArray() as number[][];
  const characters = line.columns.map(() => ' ');
  const rowsOf = (names: readonly string[], values: readonly (readonly number[])[]) =>
    names.map((label, k) => ({ label, values: values[k]! }));
  const pixels = FONT[0]![0]!.map((_, r) => line.columns.map((column) => column[r]!));
  const names = [...FONT.keys()].map(String);
  saveFigure(plot, {
    name: 'ctc',
    title: `Read as ${read(reader, [line])[0]!.join(' ')}`,
    caption: `Drawn: ${line.labels.join(' ')}. The network is sure of a digit for a column or two, and of blank between.`,
    panels: [
      heatMap({ heading: 'The line', scale: 1, rows: rowsOf(['', '', 'pixel', '', ''], pixels), characters }),
      heatMap({
        heading: 'Probability of each class',
        scale: 1,
        rows: rowsOf([...names, 'blank'], shares),
        characters,
      }),
    ],
  });
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
}
