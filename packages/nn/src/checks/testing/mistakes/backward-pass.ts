/**
 * Backpropagation through time by autograd, one stream and one step at a time, with a fault
 * injected at a single place. A pass with a fault gives what a backward with that mistake gives.
 */
import { leavesOf, valueAndGrad } from '@chronograd/autograd';
import { type Tensor, tensor } from '@chronograd/tensor';
import type { Cell } from '../../../cells/cell.ts';
import { floatTree } from '../../../recurrent/state-leaves.ts';
import { ofSequence, ofState } from '../batches.ts';
import type { BackwardProblem } from '../options.ts';
import { weightedSum } from '../run.ts';

export type Problem = BackwardProblem<Cell<unknown>>;
/** Flat numbers by path. */
export type Numbers = ReadonlyMap<string, Float64Array>;

/** One step of one stream: its arguments, and the gradients that it sends back. */
export interface StepBack {
  readonly forward: ForwardStep;
  /** Gradients of the parameters. */
  readonly cell: Numbers;
  /** Gradient of the input; null if it is int32. */
  readonly inputs: Float64Array | null;
  /** Gradients of the state before the step. */
  readonly state: Numbers;
}

/** The arguments of one step of one stream. */
interface ForwardStep {
  readonly x: Tensor;
  readonly before: unknown;
  readonly dOutput: Tensor;
}

/** A fault of size `k`; for `k` = 1 there is none. */
export interface Fault {
  /** In the gradient that arrives at the last step: dState. */
  readonly start?: (path: string, values: Float64Array, k: number) => Float64Array;
  /** In the gradient that a step passes to the one before. */
  readonly carry?: (path: string, values: Float64Array, k: number) => Float64Array;
  /** In the gradients of a step. */
  readonly step?: (back: StepBack, k: number) => StepBack;
}

/** All steps of a backward pass, [stream][step]. */
export type BackwardPass = readonly (readonly StepBack[])[];

/** Runs a backward pass over a problem. */
export function backwardPass(problem: Problem, fault: Fault = {}, k = 1): BackwardPass {
  return streamsOf(problem).map(({ steps, dState }) => {
    let arriving = mapNumbers(dState, (path, values) => fault.start?.(path, values, k) ?? values);
    return steps
      .toReversed()
      .map((forward) => {
        const right = stepBack(problem.cell, forward, arriving);
        const back = fault.step?.(right, k) ?? right;
        arriving = mapNumbers(back.state, (path, values) => fault.carry?.(path, values, k) ?? values);
        return back;
      })
      .reverse();
  });
}

const mapNumbers = (numbers: Numbers, visit: (path: string, values: Float64Array) => Float64Array): Numbers =>
  new Map([...numbers].map(([path, values]) => [path, visit(path, values)]));

interface Stream {
  readonly steps: readonly ForwardStep[];
  readonly dState: Numbers;
}

/** The forward pass, stream by stream. */
function streamsOf({ cell, inputs, state, dOutputs, dState }: Problem): Stream[] {
  const [length, batch] = inputs.shape as [number, number];
  return Array.from({ length: batch }, (_, b) => {
    const [xs, dys] = [ofSequence(inputs, [b]), ofSequence(dOutputs, [b])];
    let before = ofState(state, [b]);
    const steps = Array.from({ length }, (_, t): ForwardStep => {
      const step = { x: xs.select(t), before, dOutput: dys.select(t) };
      before = cell.step(step.x, before).state;
      return step;
    });
    return { steps, dState: numbersOf(floatTree(ofState(dState, [b]))) };
  });
}

function stepBack(cell: Cell<unknown>, forward: ForwardStep, arriving: Numbers): StepBack {
  const { x, before, dOutput } = forward;
  const { grads } = valueAndGrad({ cell, inputs: floatTree(x), state: floatTree(before) }, () => {
    const { output, state } = cell.step(x, before);
    const weightOf = (path: string, { shape }: Tensor): Tensor => tensor(arriving.get(path)!, { shape });
    return weightedSum({ outputs: output, state }, dOutput, weightOf);
  })();
  return {
    forward,
    cell: numbersOf(grads.cell),
    inputs: numbersOf(grads.inputs).get('') ?? null,
    state: numbersOf(grads.state),
  };
}

const numbersOf = (tree: unknown): Numbers =>
  new Map(leavesOf('cellLaws', tree).map(({ path, leaf }) => [path, Float64Array.from(leaf.toTypedArray())]));
