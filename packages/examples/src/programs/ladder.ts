/** `ladder`: six models of one text, each trained for the same time: loss against time and size. */
import { valueAndGrad } from '@chronograd/autograd';
import { Adam, type Cell, clipByGlobalNorm, crossEntropy, GRUCell, LSTMCell, RNNCell } from '@chronograd/nn';
import { Vocabulary } from '@chronograd/nn/data';
import { plan, Random, type Tensor, tensor } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';
import { loadCorpus } from '../char-rnn/corpora.ts';
import { bitsPerCharacter, countGrams } from '../char-rnn/ngram.ts';
import { atOnce } from '../char-rnn/progress/work.ts';
import { count, parse, path, program } from '../cli/command-line.ts';
import { UsageError } from '../cli/errors.ts';
import { grouped } from '../common/format.ts';
import { lineChart } from '../plots/line-chart.ts';
import { saveFigure } from '../plots/save-figure.ts';
import { seriesInk } from '../plots/theme.ts';
import { Bigram, Mlp, RecurrentModel, STEPS, type TextModel, Transformer } from './ladder-models.ts';

const BATCH = 32;

interface Curve {
  readonly name: string;
  readonly parameters: number;
  /** Seconds of training, and bits per character of held-out text. */
  readonly points: (readonly [seconds: number, bits: number])[];
}

/** Characters and those that follow them, from random places: both [T, B]. */
function drawBatch(text: Int32Array, random: Random): [Tensor, Tensor] {
  const starts = Array.from({ length: BATCH }, () => random.integer(text.length - STEPS - 1));
  const rows = Array.from({ length: STEPS + 1 }, (_, t) => starts.map((start) => text[start + t]!));
  return [tensor(rows.slice(0, -1), { dtype: 'int32' }), tensor(rows.slice(1), { dtype: 'int32' })];
}

/** Trains for some seconds. Measuring does not count. */
function climb(
  name: string,
  model: TextModel,
  training: Int32Array,
  held: [Tensor, Tensor][],
  seconds: number,
): Curve {
  const optimizer = new Adam(model, { lr: 0.004 });
  const loss = (x: Tensor, y: Tensor): Tensor => crossEntropy(model.forward(x), y);
  const step = plan(valueAndGrad(model, loss));
  const measure = plan(loss);
  const bits = (): number =>
    held.reduce((sum, [x, y]) => sum + measure(x, y).item(), 0) / held.length / Math.LN2;
  const random = new Random(7);
  const points: [number, number][] = [];
  for (let spent = 0, next = 0; ; ) {
    if (spent >= next) {
      points.push([spent, bits()]);
      next = Math.max(spent, next) + seconds / 12;
    }
    if (spent >= seconds) break;
    const began = performance.now();
    optimizer.update(clipByGlobalNorm(step(...drawBatch(training, random)).grads, 1).grads);
    spent += (performance.now() - began) / 1000;
  }
  return { name, parameters: model.parameterCount, points };
}

interface Flags {
  readonly seconds: number;
  readonly hidden: number;
  readonly seed: number;
  readonly plot: string;
}

function main({ seconds, hidden, seed, plot }: Flags): void {
  const began = performance.now();
  useWideKernels();
  const { text } = loadCorpus('moby-dick');
  const vocabulary = Vocabulary.of(text);
  const indices = Int32Array.from(vocabulary.encode(text));
  const cut = Math.floor(0.9 * indices.length);
  const [training, heldOut] = [indices.subarray(0, cut), indices.subarray(cut)];
  const draw = new Random(seed + 1);
  const held = Array.from({ length: 8 }, () => drawBatch(heldOut, draw));
  const V = vocabulary.size;
  const random = new Random(seed);
  const options = { random, forgetBias: 1 };
  const recurrent = (cell: Cell<unknown>) => new RecurrentModel(V, hidden, cell, random);
  const models: Record<string, TextModel> = {
    bigram: new Bigram(V, random),
    MLP: new Mlp(V, hidden, random),
    RNN: recurrent(new RNNCell(V, hidden, { random })),
    GRU: recurrent(new GRUCell(V, hidden, { random })),
    LSTM: recurrent(new LSTMCell(V, hidden, options)),
    transformer: new Transformer(V, hidden / 2, random),
  };
  const counted = atOnce(countGrams(training, V, 6));
  const grams = atOnce(bitsPerCharacter(counted, heldOut.subarray(0, 50_000), training));
  console.log(`Held-out bits per character after ${seconds} s of training each, windows of ${STEPS}`);
  console.log(
    `counted, up to ${grams.length - 1} characters before   ${grams.at(-1)!.toFixed(2)} (on running text)`,
  );
  const curves = Object.entries(models).map(([name, model]) => {
    const curve = climb(name, model, training, held, seconds);
    const size = `${grouped(curve.parameters)} parameters`.padStart(20);
    console.log(`${name.padEnd(14)}${size}   ${curve.points.at(-1)![1].toFixed(2)}`);
    return curve;
  });
  const bits = { label: 'held-out bits per character' };
  saveFigure(plot, {
    name: 'ladder',
    title: 'Six models of one text',
    caption: `Moby Dick. Each trains for ${seconds} s, on windows of ${STEPS} characters, each with a new state. Counts read on.`,
    measured: true,
    panels: [
      lineChart({
        heading: 'Loss against time',
        x: { label: 'seconds of training' },
        y: { ...bits, to: 5 },
        lines: curves.map(({ name, points }, i) => ({ label: name, ink: seriesInk(i), points })),
        levels: [{ y: grams.at(-1)!, label: 'counted' }],
      }),
      lineChart({
        heading: 'Loss at the end against size',
        x: { label: 'parameters', scale: 'log' },
        y: bits,
        named: 'above',
        lines: curves.map(({ name, points, parameters }, i) => ({
          label: name,
          ink: seriesInk(i),
          dots: true,
          points: [[parameters, points.at(-1)![1]] as const],
        })),
      }),
    ],
  });
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
}

function seconds(typed: string): number {
  if (Number(typed) > 0 && Number(typed) < 1e6) return Number(typed);
  throw new UsageError(`--seconds ${typed}: expected a number above 0`);
}

const command = program('ladder', 'Train six models of one text for the same time.')
  .option('--seconds <number>', 'seconds of training for each model', seconds, 15)
  .option('--hidden <units>', 'units, a multiple of 8', count('--hidden'), 128)
  .option('--seed <number>', 'seed of weights and windows', count('--seed'), 1)
  .option('--plot <path>', 'the figure, as .svg and .png', path('--plot'), 'models/ladder')
  .allowExcessArguments(false);
if (parse(command, process.argv.slice(2))) main(command.opts<Flags>());
