import { valueAndGrad } from '@chronograd/autograd';
import { type FloatDtype, type KernelBuild, Random, type Tensor, tensor } from '@chronograd/tensor';
import { crossEntropy, GRUCell, Linear, LSTMCell, Recurrent } from '../../../src/index.ts';
import { relativeError } from '../../differences.ts';
import type { GatedProblem, GatedResult, Tree } from './gated-problems.ts';
import { withKernels } from './network.ts';

/** How a problem is given to autograd. */
export interface GatedSetting {
  readonly dtype: FloatDtype;
  readonly kernels?: KernelBuild;
  /** Inputs as int32 indices, as `train` has them: only for problems over characters. */
  readonly indices?: boolean;
  /** Runs the recurrence over all steps; as one sequence unless given. */
  readonly unroll?: (run: Unroll, x: Tensor, state: readonly Tensor[]) => ReturnType<Unroll>;
}

/** Part of a sequence from a state, [h] or [h, c]. */
export type Unroll = (
  x: Tensor,
  state: readonly Tensor[],
) => { readonly outputs: Tensor; readonly state: readonly Tensor[] };

/** Whether the inputs are one-hot vectors, so that indices say as much. */
export const overCharacters = ({ ids, inputs }: GatedProblem): boolean =>
  inputs.every((xs, t) => xs.every((x, b) => x.every((value, k) => value === (k === ids[t]![b] ? 1 : 0))));

/** The built-in cell of a problem, with its weights, and how `Recurrent` runs it. */
function cellOf(
  { kind, weights }: GatedProblem,
  dtype: FloatDtype,
): { cell: LSTMCell | GRUCell; run: Unroll } {
  const options = { random: new Random(0), dtype };
  const [I, H] = [weights.Wxh[0]!.length, weights.Whh[0]!.length];
  let built: { cell: LSTMCell | GRUCell; run: Unroll };
  if (kind === 'LSTM') {
    const cell = new LSTMCell(I, H, options);
    const recurrent = new Recurrent(cell);
    built = {
      cell,
      run: (x, [h, c]) => {
        const { outputs, state } = recurrent.forward(x, { h: h!, c: c! });
        return { outputs, state: [state.h, state.c] };
      },
    };
  } else {
    const cell = new GRUCell(I, H, { ...options, reset: kind === 'GRU, reset after' ? 'after' : 'before' });
    const recurrent = new Recurrent(cell);
    built = {
      cell,
      run: (x, [h]) => {
        const { outputs, state } = recurrent.forward(x, h!);
        return { outputs, state: [state] };
      },
    };
  }
  const { cell } = built;
  cell.weightIh.assign(tensor(weights.Wxh, { dtype }));
  cell.weightHh.assign(tensor(weights.Whh, { dtype }));
  cell.biasIh?.assign(tensor(weights.bx[0]!, { dtype }));
  cell.biasHh?.assign(tensor(weights.bh[0]!, { dtype }));
  return built;
}

/** Value, last state and all gradients by autograd, through the built-in cell and `Recurrent`. */
export function gatedAutograd(p: GatedProblem, setting: GatedSetting): GatedResult {
  return withKernels(setting.kernels ?? 'strict', () => {
    const { dtype, unroll = (run, x, state) => run(x, state) } = setting;
    const { weights, reduction } = p;
    const { cell, run } = cellOf(p, dtype);
    const decoder = new Linear(cell.hiddenSize, weights.by[0]!.length, { random: new Random(0), dtype });
    decoder.weight.assign(tensor(weights.Why, { dtype }));
    decoder.bias?.assign(tensor(weights.by[0]!, { dtype }));
    const parts = p.kind === 'LSTM' ? [p.h0, p.c0] : [p.h0];
    const start = parts.map((part) => tensor(part, { dtype }));
    const after = [p.dhnext, p.dcnext].map((part) => tensor(part, { dtype }));
    const x = setting.indices ? tensor(p.ids, { dtype: 'int32' }) : tensor(p.inputs, { dtype });
    const y = tensor(p.targets, { dtype: 'int32' });
    const { value, grads, aux } = valueAndGrad({ cell, decoder, start }, () => {
      const { outputs, state } = unroll(run, x, start);
      const loss = crossEntropy(decoder.forward(outputs), y, { reduction });
      const sum = state.reduce((total, part, k) => total.add(part.mul(after[k]!).sum()), loss);
      return { value: sum, aux: state };
    })();
    const rows = (values: Tensor | undefined) => values?.toArray() as number[][];
    const row = (values: Tensor | undefined) => [values?.toArray() as number[]];
    const named = (h: string, c: string, tensors: readonly Tensor[]): Tree =>
      Object.fromEntries(tensors.map((part, k) => [k === 0 ? h : c, rows(part)]));
    return {
      value: value.item(),
      state: named('h', 'c', aux),
      gradients: {
        Wxh: rows(grads.cell.weightIh),
        Whh: rows(grads.cell.weightHh),
        bx: row(grads.cell.biasIh),
        bh: row(grads.cell.biasHh),
        Why: rows(grads.decoder.weight),
        by: row(grads.decoder.bias),
        ...named('h0', 'c0', grads.start),
      },
    };
  });
}

/**
 * The largest relative error of any matrix of two trees, by the names of the second; differences up
 * to `tiny` count as none.
 */
export function treeError(actual: Tree, wanted: Tree, tiny = 0): number {
  return Math.max(
    ...Object.entries(wanted).map(([name, rows]) =>
      relativeError(actual[name]?.flat() ?? [], rows.flat(), tiny),
    ),
  );
}

/** The largest relative error of anything that both give. */
export function resultError(actual: GatedResult, wanted: GatedResult, tiny = 0): number {
  return Math.max(
    relativeError([actual.value], [wanted.value], tiny),
    treeError(actual.state, wanted.state, tiny),
    treeError(actual.gradients, wanted.gradients, tiny),
  );
}
