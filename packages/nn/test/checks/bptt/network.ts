import { valueAndGrad } from '@chronograd/autograd';
import {
  type FloatDtype,
  type KernelBuild,
  kernelsInUse,
  type Parameter,
  Random,
  type Tensor,
  tensor,
  useKernels,
} from '@chronograd/tensor';
import { type RnnBackward, type RnnGradients, rnnBackward } from '../../../src/checks/bptt/rnn.ts';
import { crossEntropy, Linear, Module, Recurrent, RNNCell } from '../../../src/index.ts';
import { relativeError } from '../../differences.ts';
import { type Problem, parameters } from './problems.ts';
import type { TextProblem } from './random-problems.ts';

/** A character model as `train` builds it. */
export class CharModel extends Module {
  readonly recurrent: Recurrent<RNNCell>;
  readonly decoder: Linear;

  constructor(recurrent: Recurrent<RNNCell>, decoder: Linear) {
    super();
    this.recurrent = recurrent;
    this.decoder = decoder;
  }
}

/** How a problem is given to autograd. */
export interface Setting {
  readonly dtype: FloatDtype;
  readonly kernels?: KernelBuild;
  /** `indices`: int32, as `train` does it. `numbers`: the problem's inputs as they are. */
  readonly inputs?: 'indices' | 'numbers';
  /** Default: 1. With 2, each has half of bh; with 0, bh must be 0. */
  readonly biases?: 0 | 1 | 2;
  readonly nonlinearity?: 'tanh' | 'relu';
}

/** What is differentiated: a number, with what came of the recurrence. */
export interface Forward {
  readonly value: Tensor;
  readonly outputs: Tensor;
  readonly state: Tensor;
}
export type ForwardPass = (model: CharModel, x: Tensor, y: Tensor, h0: Tensor) => Forward;

/** Everything autograd gives, as plain arrays under the names of the handwritten one. */
export interface Result {
  readonly value: number;
  /** h_1 … h_T, `[T][B][H]`. */
  readonly outputs: number[][][];
  /** h_T, `[B][H]`. */
  readonly state: number[][];
  readonly gradients: RnnGradients;
  /** The gradient of the second bias vector, where there is one. */
  readonly biasHh: number[] | null;
}

/** The whole sequence at once, and ⟨dhnext, h_T⟩ added where something comes after it. */
export function wholeSequence(p: Problem, dtype: FloatDtype): ForwardPass {
  const after = p.dhnext.flat().some((g) => g !== 0) ? tensor(p.dhnext, { dtype }) : null;
  return (model, x, y, h0) => {
    const { outputs, state } = model.recurrent.forward(x, h0);
    const loss = crossEntropy(model.decoder.forward(outputs), y, { reduction: p.reduction });
    return { value: after === null ? loss : loss.add(state.mul(after).sum()), outputs, state };
  };
}

/** The model with a problem's weights. */
export function modelOf(
  { weights }: Problem,
  { dtype, biases = 1, nonlinearity = 'tanh' }: Setting,
): CharModel {
  const { Wxh, Whh, Why, bh, by } = weights;
  const options = { random: new Random(0), dtype };
  const cell = new RNNCell(Wxh[0]!.length, bh.length, { ...options, biases, nonlinearity });
  const decoder = new Linear(bh.length, by.length, options);
  const set = (parameter: Parameter | null, values: number[] | number[][]) =>
    parameter?.assign(tensor(values, { dtype }));
  set(cell.weightIh, Wxh);
  set(cell.weightHh, Whh);
  for (const bias of [cell.biasIh, cell.biasHh]) {
    set(
      bias,
      bh.map((b) => b / biases),
    );
  }
  set(decoder.weight, Why);
  set(decoder.bias, by);
  return new CharModel(new Recurrent(cell), decoder);
}

/** Loss, states and gradients by autograd, through the same calls as in `train`. */
export function autograd(
  p: TextProblem,
  setting: Setting,
  forward: ForwardPass = wholeSequence(p, setting.dtype),
): Result {
  return withKernels(setting.kernels ?? 'strict', () => {
    const { dtype } = setting;
    const model = modelOf(p, setting);
    const h0 = tensor(p.h0, { dtype });
    const x = setting.inputs === 'numbers' ? tensor(p.inputs, { dtype }) : tensor(p.ids, { dtype: 'int32' });
    const y = tensor(p.targets, { dtype: 'int32' });
    const step = valueAndGrad({ model, h0 }, () => {
      const { value, outputs, state } = forward(model, x, y, h0);
      return { value, aux: { outputs, state } };
    });
    const { value, grads, aux } = step();
    const { recurrent, decoder } = grads.model;
    const { weightIh, weightHh, biasIh, biasHh } = recurrent.cell;
    return {
      value: value.item(),
      outputs: aux.outputs.toArray() as number[][][],
      state: aux.state.toArray() as number[][],
      gradients: {
        Wxh: weightIh.toArray() as number[][],
        Whh: weightHh.toArray() as number[][],
        Why: decoder.weight.toArray() as number[][],
        bh: (biasIh?.toArray() as number[]) ?? p.weights.bh.map(() => 0),
        by: decoder.bias!.toArray() as number[],
        h0: grads.h0.toArray() as number[][],
      },
      biasHh: (biasHh?.toArray() as number[]) ?? null,
    };
  });
}

/** The same by hand. */
export function byHand(p: Problem): RnnBackward & { readonly value: number } {
  const result = rnnBackward(p.weights, p.inputs, p.targets, p.h0, {
    reduction: p.reduction,
    dhnext: p.dhnext,
  });
  const after = result.lastState.flat().map((h, i) => h * p.dhnext.flat()[i]!);
  return { ...result, value: after.reduce((sum, term) => sum + term, result.loss) };
}

/** Runs `body` on a kernel build, and goes back to the one that was in use. */
export function withKernels<R>(build: KernelBuild, body: () => R): R {
  const before = kernelsInUse();
  useKernels(build);
  try {
    return body();
  } finally {
    useKernels(before);
  }
}

/**
 * The largest relative error of any parameter's gradient, or of that of the initial state;
 * differences up to `tiny` count as none.
 */
export function gradientError(actual: RnnGradients, wanted: RnnGradients, tiny = 0): number {
  const rows = parameters(wanted);
  return Math.max(...parameters(actual).map((each, k) => relativeError(each.flat(), rows[k]!.flat(), tiny)));
}

/** The largest relative error of anything that both give: gradients, value, last state. */
export function worstDifference(actual: Result, wanted: ReturnType<typeof byHand>, tiny = 0): number {
  return Math.max(
    gradientError(actual.gradients, wanted.gradients, tiny),
    relativeError([actual.value], [wanted.value], tiny),
    relativeError(actual.state.flat(), wanted.lastState.flat(), tiny),
  );
}
