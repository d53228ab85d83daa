/** `seq2seq`: an encoder reads dates or sums, and a decoder writes the answer, letter by letter. */
import { Adam, crossEntropy } from '@chronograd/nn';
import { recordTaps } from '@chronograd/nn/probe';
import { fit } from '@chronograd/nn/training';
import { Random, type Tensor } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';
import { count, oneOf, parse, path, program } from '../cli/command-line.ts';
import { heatMap } from '../plots/heat.ts';
import { saveFigure } from '../plots/save-figure.ts';
import { BEAM, beam, greedy, Seq2Seq } from './seq2seq-model.ts';
import { BEGIN, indicesOf, TASKS, vocabulary } from './seq2seq-tasks.ts';

const BATCH = 64;

interface Flags {
  readonly task: string;
  readonly hidden: number;
  readonly updates: number;
  readonly test: number;
  readonly seed: number;
  readonly plot: string;
}

const command = program('seq2seq', 'Write dates as 2019-03-05, or add, with and without attention.')
  .option('--task <name>', 'dates or addition', 'dates')
  .option('--hidden <units>', 'units of the decoder, an even number', count('--hidden'), 64)
  .option('--updates <number>', 'training updates of each network', count('--updates'), 1500)
  .option('--test <texts>', 'held-out texts', count('--test'), 500)
  .option('--seed <number>', 'seed of weights and texts', count('--seed'), 1)
  .option('--plot <path>', 'the figure, as .svg and .png', path('--plot'), 'models/seq2seq')
  .allowExcessArguments(false);
if (parse(command, process.argv.slice(2))) await main(command.opts<Flags>());

async function main({ task: name, hidden, updates, test, seed, plot }: Flags): Promise<void> {
  const began = performance.now();
  useWideKernels();
  const task = TASKS[oneOf('--task', name, ['dates', 'addition'])];
  const [steps, width] = name === 'dates' ? [11, 29] : [5, 7];
  const random = new Random(seed + 2);
  const held = new Map(Array.from({ length: test }, () => task.draw(random)));
  const [inputs, outputs] = [[...held.keys()], [...held.values()]];
  const share = (found: readonly string[]): string => {
    const right = found.filter((text, n) => text === outputs[n]).length;
    return `${((100 * right) / outputs.length).toFixed(1)} %`.padStart(9);
  };
  console.log(
    `${inputs.length} held-out texts, such as ${inputs[0]} → ${outputs[0]}: written without an error`,
  );
  console.log(`${task.baseline.padEnd(36)}${share(inputs.map(task.answer))}`);
  const texts = inputs.map((text) => indicesOf([text], width));
  for (const attends of [false, true]) {
    const model = new Seq2Seq(vocabulary.size, hidden, attends, new Random(seed));
    const pairs = new Random(seed + 1);
    const batches = (function* (): Generator<[Tensor, Tensor, Tensor]> {
      for (;;) {
        const drawn = Array.from({ length: BATCH }, () => task.draw(pairs)).filter(
          ([input]) => !held.has(input),
        );
        while (drawn.length < BATCH) drawn.push(drawn[0]!);
        const [from, to] = [drawn.map(([input]) => input), drawn.map(([, output]) => output)];
        yield [
          indicesOf(from, width),
          indicesOf(
            to.map((text) => BEGIN + text),
            steps,
          ),
          indicesOf(to, steps),
        ];
      }
    })();
    const run = fit({
      model,
      optimizer: new Adam(model, { lr: 0.005 }),
      batches,
      loss: (input, before, after) => crossEntropy(model.forward(input, before), after),
      steps: updates,
      clip: { norm: 1 },
    });
    for await (const _ of run);
    const label = attends ? 'encoder–decoder with attention' : 'encoder–decoder';
    console.log(`${`${label}, greedy`.padEnd(36)}${share(greedy(model, indicesOf(inputs, width), steps))}`);
    console.log(
      `${`${label}, beam of ${BEAM}`.padEnd(36)}${share(texts.map((text) => beam(model, text, steps)))}`,
    );
    if (attends) draw(model, inputs.slice(0, 2), width, steps, plot);
  }
  console.log(`${((performance.now() - began) / 1000).toFixed(0)} s`);
}

/** What attention reads while the network writes. */
function draw(model: Seq2Seq, inputs: readonly string[], width: number, steps: number, plot: string): void {
  const written = greedy(model, indicesOf(inputs, width), steps);
  const before = indicesOf(
    written.map((text) => BEGIN + text),
    steps,
  );
  const { taps } = recordTaps(model, () => model.forward(indicesOf(inputs, width), before));
  const weights = taps['decoder.cell.weights']!;
  saveFigure(plot, {
    name: 'seq2seq',
    title: 'Where attention reads while the network writes',
    caption: 'One row for each letter that is written, one column for each letter that was read.',
    panels: inputs.map((input, n) =>
      heatMap({
        heading: `${input} → ${written[n]}`,
        scale: 1,
        rows: [...written[n]!].map((label, t) => ({
          label,
          values: (weights.slice(t, n).toArray() as number[]).slice(0, input.length),
        })),
        characters: [...input],
        width: 640,
      }),
    ),
  });
}
