/**
 * Backpropagation through time by autograd, one stream and one step at a time, so that a single place of it can be bent. What a bent walk gives
 * is what a backward with that mistake gives.
 */
import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import { isFloat, type Tensor, tensor } from '@chronograd/tensor';
import type { Cell } from '../../../cells/cell.ts';
import { floatTree, stateLeaves } from '../../../recurrent/state-leaves.ts';
import { ofSequence, ofState } from '../batches.ts';
import type { BackwardProblem } from '../handwritten.ts';

export type Problem = BackwardProblem<Cell<unknown>>;
/** Flat numbers by path. */
export type Numbers = ReadonlyMap<string, Float64Array>;

/** What one step of one stream sends back. */
export interface StepBack {
  /** Gradients of the parameters. */
  readonly cell: Numbers;
  /** Of the input; null where it is int32. */
  readonly inputs: Float64Array | null;
  /** Of the state before the step. */
  readonly state: Numbers;
  readonly moment: Moment;
}

/** One step of one stream, as the forward pass left it. */
export interface Moment {
  readonly x: Tensor;
  readonly before: unknown;
  readonly dOutput: Tensor;
}

/** A place in the walk, made wrong. `k` is how wrong, 1 not at all. */
export interface Bend {
  /** What arrives at the last step: dState. */
  readonly start?: (path: string, values: Float64Array, k: number) => Float64Array;
  /** What a step hands to the one before. */
  readonly carry?: (path: string, values: Float64Array, k: number) => Float64Array;
  /** What a step sends back. */
  readonly step?: (back: StepBack, k: number) => StepBack;
}

/** What a walk collects, [stream][step]. */
export type Walk = readonly (readonly StepBack[])[];

/** Walks back through a problem. */
export function walk(problem: Problem, bend: Bend = {}, k = 1): Walk {
  return streamsOf(problem).map(({ moments, dState }) => {
    let arriving = mapNumbers(dState, (path, values) => bend.start?.(path, values, k) ?? values);
    return moments
      .toReversed()
      .map((moment) => {
        const right = stepBack(problem.cell, moment, arriving);
        const back = bend.step?.(right, k) ?? right;
        arriving = mapNumbers(back.state, (path, values) => bend.carry?.(path, values, k) ?? values);
        return back;
      })
      .reverse();
  });
}

export const mapNumbers = (
  numbers: Numbers,
  visit: (path: string, values: Float64Array) => Float64Array,
): Numbers => new Map([...numbers].map(([path, values]) => [path, visit(path, values)]));

interface Stream {
  readonly moments: readonly Moment[];
  readonly dState: Numbers;
}

/** The forward pass, stream by stream. */
function streamsOf({ cell, inputs, state, dOutputs, dState }: Problem): Stream[] {
  const [steps, batch] = inputs.shape as [number, number];
  return Array.from({ length: batch }, (_, b) => {
    const [xs, dys] = [ofSequence(inputs, [b]), ofSequence(dOutputs, [b])];
    let before = ofState(state, [b]);
    const moments = Array.from({ length: steps }, (_, t): Moment => {
      const moment = { x: xs.select(t), before, dOutput: dys.select(t) };
      before = cell.step(moment.x, before).state;
      return moment;
    });
    return { moments, dState: numbersOf(floatTree(ofState(dState, [b]))) };
  });
}

function stepBack(cell: Cell<unknown>, moment: Moment, arriving: Numbers): StepBack {
  const { x, before, dOutput } = moment;
  const { grads } = valueAndGrad({ cell, inputs: floatTree(x), state: floatTree(before) }, () => {
    const { output, state } = cell.step(x, before);
    const terms = stateLeaves(state).flatMap(({ path, leaf }) =>
      isFloat(leaf.dtype) ? [leaf.mul(tensor(arriving.get(path)!, { shape: leaf.shape })).sum()] : [],
    );
    return terms.reduce((sum, term) => sum.add(term), output.mul(dOutput).sum());
  })();
  return {
    cell: numbersOf(grads.cell),
    inputs: numbersOf(grads.inputs).get('') ?? null,
    state: numbersOf(grads.state),
    moment,
  };
}

/** The tensors of a tree as numbers. */
export const numbersOf = (tree: unknown): Numbers =>
  new Map(leavesOf('cellLaws', tree).map(({ path, leaf }) => [path, Float64Array.from(leaf.toTypedArray())]));
