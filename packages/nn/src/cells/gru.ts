/** The gated recurrent unit. */
import { linear, type Tensor } from '@chronograd/tensor';
import type { OptionKeys } from '@chronograd/tensor/engine';
import { gruForm } from '../formats/state-dict/cell-forms.ts';
import type { StateForm } from '../formats/state-dict/form.ts';
import { requireBatch, requireOneOf } from '../internal/require.ts';
import type { Step } from './cell.ts';
import { GATED, GatedCell, type GatedCellOptions, isBatchOf, stateError } from './gates.ts';

/** Options of `GRUCell`. */
export interface GRUCellOptions extends GatedCellOptions {
  /**
   * Whether the reset gate is applied after or before the recurrent product.
   * - `'after'`: n = tanh(x_n + r∘(h·W_hnᵀ + b_hn)), as in PyTorch and cuDNN.
   * - `'before'`: n = tanh(x_n + (r∘h)·W_hnᵀ + b_hn), as in the paper.
   *
   * Weights trained with one form are not valid for the other. Default: 'after'.
   */
  readonly reset?: 'after' | 'before';
}

export const GRU_CELL: OptionKeys<GRUCellOptions> = { ...GATED, reset: true };

const requireReset = requireOneOf('after', 'before');

/**
 * h' = (1 − z)∘n + z∘h, where r and z are σ of their rows of x·Wihᵀ + b_ih + h·Whhᵀ + b_hh, and n
 * is the candidate (see `reset`). Cho and others, 2014. Parameters are those of PyTorch's
 * `nn.GRUCell`: weightIh [3H, F], weightHh [3H, H], biases [3H], rows in the order r, z, n. State
 * and output: h, shape [B, H].
 */
export class GRUCell extends GatedCell<Tensor> {
  readonly reset: 'after' | 'before';

  /** @throws ValueError for another number of biases or value of `reset`. */
  constructor(inputSize: number, hiddenSize: number, options: GRUCellOptions) {
    super({ name: 'GRUCell', gates: ['r', 'z', 'n'], keys: GRU_CELL }, inputSize, hiddenSize, options);
    const { reset = 'after' } = options;
    requireReset('GRUCell', 'reset', reset);
    this.reset = reset;
  }

  initialState(batch: number): Tensor {
    requireBatch('GRUCell', batch);
    return this.zeroState(batch, this.hiddenSize);
  }

  override stateForm(): StateForm {
    return gruForm(this);
  }

  /** With `reset: 'after'` the step adds b_hh, since its rows n are inside the reset gate. */
  override project(x: Tensor): Tensor {
    return this.reset === 'after' ? this.projectInput(x) : super.project(x);
  }

  /** @throws ShapeError unless the state is [B, H]. */
  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    return this.stepReading(projected, h, h);
  }

  /** As `advance`, with products of `read` and z∘h of the state itself. */
  override stepReading(projected: Tensor, h: Tensor, read: Tensor): Step<Tensor> {
    const H = this.hiddenSize;
    if (!isBatchOf(projected, h, H)) throw stateError('GRUCell', projected, h, `[B, ${H}]`);
    const [z, n] =
      this.reset === 'after' ? this.#resetAfter(projected, read) : this.#resetBefore(projected, read);
    const next = n.add(z.mul(h.sub(n))); // (1 − z)∘n + z∘h
    return { output: next, state: next };
  }

  #resetAfter(projected: Tensor, h: Tensor): [z: Tensor, n: Tensor] {
    const [xr, xz, xn] = projected.chunk(3, -1);
    const [hr, hz, hn] = linear(h, this.weightHh, this.biasHh).chunk(3, -1);
    const r = this.tap('r', xr.add(hr).sigmoid());
    return [this.tap('z', xz.add(hz).sigmoid()), this.tap('n', xn.add(r.mul(hn)).tanh())];
  }

  #resetBefore(projected: Tensor, h: Tensor): [z: Tensor, n: Tensor] {
    const H = this.hiddenSize;
    const [gatesOfX, xn] = projected.split([2 * H, H], -1) as [Tensor, Tensor];
    const [weightOfGates, weightHn] = this.weightHh.split([2 * H, H]) as [Tensor, Tensor];
    const [zr, zz] = linear(h, weightOfGates, gatesOfX).chunk(2, -1);
    const z = this.tap('z', zz.sigmoid());
    const r = this.tap('r', zr.sigmoid());
    return [z, this.tap('n', linear(r.mul(h), weightHn, xn).tanh())];
  }
}
