/** How far the gradient reaches: ‖∂h_T/∂h_t‖ against the distance T − t, for up to three cells. */
import { type Cell, Recurrent } from '@chronograd/nn';
import { jacobianNorms, largestSingularValue, spectralRadius, stepJacobians } from '@chronograd/nn/probe';
import { normal, Random, scope, Tensor } from '@chronograd/tensor';
import type { ThroughTimeSettings } from '../settings/through-time.ts';
import type { Job } from './job.ts';
import type { Program } from './program.ts';
import { addToGate, recurrentBlocks, scaleBlocks } from './weights.ts';

/** The curve of a cell. */
export interface ReachEvent {
  /** Position among the programs. */
  readonly program: number;
  readonly name: string;
  /** ‖∂h_T/∂h_{T−k}‖ for k = 0 … T, as largest singular value. */
  readonly norms: readonly number[];
  /** ∏ σ_max(W_hh)·max(1 − h²) over the last k steps, for cells that are h' = tanh(… + W_hh h). */
  readonly bound: readonly number[] | null;
  /** Recurrent matrices that have the chosen spectral radius. */
  readonly matrices: number;
  /** Whether the cell has a gate f. */
  readonly forgetGate: boolean;
}

const INPUT_SIZE = 3;

export const throughTime: Job<ThroughTimeSettings, ReachEvent> = function* (programs, settings) {
  for (const [program, each] of programs.entries()) yield { program, ...reachOf(each, settings) };
};

function reachOf(
  { name, makeCell, options }: Program,
  { radius, forgetBias, steps, hiddenSize, inputs, seed }: ThroughTimeSettings,
): Omit<ReachEvent, 'program'> {
  const unit = options.hiddenMultiple ?? 1;
  const H = unit * Math.ceil(hiddenSize / unit);
  const random = new Random(seed);
  const cell = makeCell({ inputSize: INPUT_SIZE, hiddenSize: H, dtype: 'float64', random });
  const sizes = { steps, batch: 1, inputSize: INPUT_SIZE, hiddenSize: H, seed };
  const x = options.inputs?.(sizes, random) ?? drawn(steps, inputs, random);
  const matrices = scaleBlocks(cell, H, radius, spectralRadius);
  const forgetGate = addToGate(cell, 'f', forgetBias);
  const recurrent = new Recurrent(cell);
  const norms = jacobianNorms(recurrent, x).toArray() as number[][];
  const byDistance = norms.map(([norm]) => norm!).reverse();
  return { name, norms: byDistance, bound: boundOf(recurrent, x, H), matrices, forgetGate };
}

const drawn = (steps: number, std: number, random: Random): Tensor =>
  normal([steps, 1, INPUT_SIZE], { random, dtype: 'float64' }).mul(std);

/** The textbook bound, if the Jacobian of a step is that of h' = tanh(a + W h). */
function boundOf(recurrent: Recurrent<Cell<unknown>>, x: Tensor, H: number): number[] | null {
  const { cell } = recurrent;
  const [block, ...others] = recurrentBlocks(cell, H);
  if (block === undefined || others.length > 0 || block.matrix.shape[0] !== H) return null;
  if (!(cell.initialState(1) instanceof Tensor)) return null;
  const W = block.matrix.toArray() as number[][];
  const run = recurrent as unknown as Recurrent<Cell<Tensor>>;
  const states = scope(() => run.forward(x).outputs.toArray()) as number[][][];
  const slopes = states.map(([h]) => h!.map((value) => 1 - value ** 2));
  const first = (stepJacobians(run, x.slice([0, 1])).toArray() as number[][][][])[0]![0]!;
  const isTanh = first.every((row, i) =>
    row.every((value, j) => Math.abs(value - slopes[0]![i]! * W[i]![j]!) < 1e-10),
  );
  if (!isTanh) return null;
  const sigma = largestSingularValue(block.matrix);
  let product = 1;
  return [1, ...slopes.reverse().map((slope) => (product *= sigma * Math.max(...slope)))];
}
