/** `three-ways`: one gradient by BPTT, forward (RTRL) and by differences, and their costs. */
import { customGradient, grad } from '@chronograd/autograd';
import {
  concat,
  eye,
  memory,
  normal,
  ones,
  Random,
  scope,
  type Tensor,
  tensor,
  zeros,
} from '@chronograd/tensor';
import { count, parse, path, program } from '../cli/command-line.ts';
import { lineChart } from '../plots/line-chart.ts';
import type { Panel } from '../plots/panel.ts';
import { saveFigure } from '../plots/save-figure.ts';

const [dtype, INPUTS] = ['float64', 2] as const;

/** An RNN h_t = tanh(W·[x_t, h_{t−1}, 1]), W [H, K], x_t [1, I], whose states have targets y_t. */
interface Problem {
  readonly weights: Tensor;
  readonly inputs: readonly Tensor[];
  readonly targets: readonly Tensor[];
}

function problemOf(hidden: number, steps: number): Problem {
  const random = new Random(1);
  const draw = (rows: number, size: number, std = 1): Tensor => normal([rows, size], { random, dtype, std });
  const columns = INPUTS + hidden + 1;
  return {
    weights: draw(hidden, columns, 1 / Math.sqrt(columns)),
    inputs: Array.from({ length: steps }, () => draw(1, INPUTS)),
    targets: Array.from({ length: steps }, () => draw(1, hidden, 0.5)),
  };
}

const read = (x: Tensor, h: Tensor): Tensor => concat([x, h, ones([1, 1], { dtype })], 1);

/** Σ_t ½·|h_t − y_t|². */
function lossOf({ inputs, targets }: Problem, weights: Tensor): Tensor {
  let h = zeros([1, weights.shape[0]!], { dtype });
  let loss = zeros([], { dtype });
  inputs.forEach((x, t) => {
    [h, loss] = scope(() => {
      const next = read(x, h).matmul(weights.transpose()).tanh();
      const error = next.sub(targets[t]!).square().sum().mul(0.5);
      notePeak();
      return [next, loss.add(error)];
    });
  });
  return loss;
}

/** The most bytes of tensors that lived at once. */
let peak = 0;
const notePeak = (): void => {
  peak = Math.max(peak, memory().arena.bytes);
};

/** The weights. Their gradient is the last that a backward pass computes. */
const watched = customGradient(
  (weights: Tensor) => weights,
  (g) => {
    notePeak();
    return [g];
  },
);

/** Backpropagation through time: forward once, and back along the tape. */
const backward = (problem: Problem): Tensor =>
  grad((weights: Tensor) => lossOf(problem, watched(weights)))(problem.weights);

/**
 * Real-time recurrent learning: the influence J[i, a, k] = ∂h_i/∂W[a, k] goes along with the state,
 * J' = (1 − h'²)∘(W_hh·J + δ_ia·u_k) with u = [x, h, 1]. Williams and Zipser, 1989.
 */
function forward({ weights, inputs, targets }: Problem): Tensor {
  const [H, K] = weights.shape as [number, number];
  const recurrent = weights.slice(null, [INPUTS, INPUTS + H]);
  const own = eye(H, { dtype }).unsqueeze(2);
  let h = zeros([1, H], { dtype });
  let influence = zeros([H, H * K], { dtype });
  let gradient = zeros([1, H * K], { dtype });
  inputs.forEach((x, t) => {
    [h, influence, gradient] = scope(() => {
      const u = read(x, h);
      const next = u.matmul(weights.transpose()).tanh();
      const slope = next.square().neg().add(1).transpose();
      const now = recurrent
        .matmul(influence)
        .add(own.mul(u).reshape([H, H * K]))
        .mul(slope);
      notePeak();
      return [next, now, gradient.add(next.sub(targets[t]!).matmul(now))];
    });
  });
  return gradient.reshape([H, K]);
}

/** Central differences: the loss twice for each weight. */
function differences(problem: Problem): Tensor {
  const { shape } = problem.weights;
  const values = problem.weights.toTypedArray();
  const step = 1e-5;
  const lossAt = (i: number, change: number): number =>
    lossOf(problem, tensor(values.with(i, values[i]! + change), { shape, dtype })).item();
  const slopes = values.map((_, i) => (lossAt(i, step) - lossAt(i, -step)) / (2 * step));
  return tensor(slopes, { shape });
}

const WAYS = { BPTT: backward, RTRL: forward, differences } as const;
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];
const INKS = { BPTT: 'blue', RTRL: 'red', differences: 'gray' } as const;

interface Cost {
  readonly hidden: number;
  readonly steps: number;
  /** `off`: the largest difference from BPTT, relative to its largest element. */
  readonly ways: Record<Way, { readonly seconds: number; readonly bytes: number; readonly off: number }>;
}

/** The gradient of one problem in all three ways. Times are the best of some runs. */
function measure(hidden: number, steps: number): Cost {
  const problem = problemOf(hidden, steps);
  const wanted = backward(problem);
  const found = Object.entries(WAYS).map(([way, gradientOf]) => {
    peak = 0;
    let best = Number.POSITIVE_INFINITY;
    let gradient = wanted;
    for (let run = 0, spent = 0; run < 20 && spent < 100; run++) {
      const began = performance.now();
      gradient = gradientOf(problem);
      const took = performance.now() - began;
      [best, spent] = [Math.min(best, took), spent + took];
    }
    const off = gradient.sub(wanted).abs().max().item() / wanted.abs().max().item();
    return [way, { seconds: best / 1000, bytes: peak, off }] as const;
  });
  return { hidden, steps, ways: Object.fromEntries(found) as Cost['ways'] };
}

function show(costs: readonly Cost[]): void {
  const cells = (values: readonly string[]) => values.map((value) => value.padStart(13)).join('');
  console.log(`${'milliseconds'.padStart(48)}${'kilobytes'.padStart(39)}${'off from BPTT'.padStart(26)}`);
  console.log(`   H    T${cells([...ways, ...ways])}${cells(ways.slice(1))}`);
  for (const { hidden, steps, ways: of } of costs)
    console.log(
      `${String(hidden).padStart(4)}${String(steps).padStart(5)}${cells([
        ...ways.map((way) => (1000 * of[way].seconds).toPrecision(3)),
        ...ways.map((way) => (of[way].bytes / 1000).toPrecision(3)),
        ...ways.slice(1).map((way) => of[way].off.toExponential(0)),
      ])}`,
    );
}

function chart(costs: readonly Cost[], of: 'hidden' | 'steps', key: 'seconds' | 'bytes'): Panel {
  const lines = ways.map((way) => ({
    label: way,
    ink: INKS[way],
    dots: true,
    points: costs.map((cost) => [cost[of], cost.ways[way][key]] as const),
  }));
  return lineChart({
    heading: key === 'seconds' ? 'Time' : 'Memory',
    x: { label: of === 'hidden' ? 'units H' : 'steps T', scale: 'log' },
    y: { label: key, scale: 'log' },
    lines,
  });
}

const command = program('three-ways', 'Compute one gradient in three ways, and compare their costs.')
  .option('--hidden <units>', 'the most units', count('--hidden'), 32)
  .option('--steps <steps>', 'the most steps', count('--steps'), 320)
  .option('--plot <path>', 'the figure, as .svg and .png', path('--plot'), 'models/three-ways')
  .allowExcessArguments(false);
if (parse(command, process.argv.slice(2))) main(command.opts());

function main({ hidden, steps, plot }: { hidden: number; steps: number; plot: string }): void {
  measure(2, 10); // the engine compiles what it runs
  const halves = (most: number, least: number): number[] =>
    most < 2 * least ? [most] : [...halves(Math.floor(most / 2), least), most];
  const byUnits = halves(hidden, 2).map((H) => measure(H, Math.min(20, steps)));
  const bySteps = halves(steps, 10).map((T) => measure(Math.min(8, hidden), T));
  show([...byUnits, ...bySteps]);
  saveFigure(plot, {
    name: 'three-ways',
    title: 'One gradient, three costs',
    caption: 'An RNN with 2 inputs, batch 1, float64. Both axes are logarithmic.',
    panels: [
      chart(byUnits, 'hidden', 'seconds'),
      chart(bySteps, 'steps', 'seconds'),
      chart(byUnits, 'hidden', 'bytes'),
      chart(bySteps, 'steps', 'bytes'),
    ],
  });
}
