/** The gated recurrent unit. */
import { linear, type Parameter, type Tensor, ValueError } from '@chronograd/tensor';
import { inNameOf, type OptionKeys, showValue } from '@chronograd/tensor/engine';
import { gruForm } from '../formats/state-dict/cell-forms.ts';
import type { StateForm } from '../formats/state-dict/form.ts';
import { noteParameters } from '../internal/places.ts';
import { requireBatch } from '../internal/require.ts';
import { requireLayer } from '../modules/linear.ts';
import { ProjectedCell, type Step } from './cell.ts';
import { GATED, type GatedCellOptions, gateBlocks, gatedParameters, isBatchOf, stateError } from './gates.ts';

/** How a `GRUCell` begins, and what it computes. */
export interface GRUCellOptions extends GatedCellOptions {
  /**
   * Where the reset gate stands: `'after'` the recurrent product, n = tanh(x_n + r∘(h·W_hnᵀ + b_hn)), as in PyTorch and cuDNN, or `'before'`
   * it, n = tanh(x_n + (r∘h)·W_hnᵀ + b_hn), as in the paper. `'after'` unless named. Weights trained with one do not serve the other.
   */
  readonly reset?: 'after' | 'before';
}

export const GRU_CELL: OptionKeys<GRUCellOptions> = { ...GATED, reset: true };

const GATES = ['r', 'z', 'n'] as const;

/**
 * h' = (1 − z)∘n + z∘h, where r and z are σ of their rows of x·Wihᵀ + b_ih + h·Whhᵀ + b_hh, and n is the candidate (see `reset`).
 * Cho and others, 2014; parameters as in PyTorch's `nn.GRUCell`.
 * Weights weightIh [3H, F] and weightHh [3H, H], biases [3H], rows in the order r, z, n. State and output: h, shape [B, H].
 */
export class GRUCell extends ProjectedCell<Tensor> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | null;
  readonly biasHh: Parameter | null;
  readonly hiddenSize: number;
  readonly reset: 'after' | 'before';

  /** @throws ValueError for a number of biases or a place of the reset gate that it has not. */
  constructor(inputSize: number, hiddenSize: number, options: GRUCellOptions) {
    super();
    const { reset = 'after' } = requireLayer('GRUCell', { inputSize, hiddenSize }, options, GRU_CELL);
    if (reset !== 'after' && reset !== 'before')
      throw new ValueError(`GRUCell: reset ${showValue(reset)} came, 'after' or 'before' was expected`);
    const sizes = { inputSize, hiddenSize, stateSize: hiddenSize };
    const made = gatedParameters('GRUCell', GATES, sizes, options);
    this.weightIh = made.weightIh;
    this.weightHh = made.weightHh;
    this.biasIh = made.biasIh;
    this.biasHh = made.biasHh;
    this.hiddenSize = hiddenSize;
    this.reset = reset;
    noteParameters(this);
  }

  initialState(batch: number): Tensor {
    requireBatch('GRUCell', batch);
    return this.zeroState(batch, this.hiddenSize);
  }

  override stateForm(): StateForm {
    return gruForm(this);
  }

  override blocks(): Readonly<Record<string, readonly string[]>> {
    return gateBlocks(this, GATES);
  }

  /** With the reset gate after the product, b_hh is left to the step: its rows n stand inside that gate. */
  override project(x: Tensor): Tensor {
    const projected = inNameOf('GRUCell', () => linear(x, this.weightIh, this.biasIh));
    return this.biasHh === null || this.reset === 'after' ? projected : projected.add(this.biasHh);
  }

  /** @throws ShapeError for a state that is not [B, H]: broadcast, it would give numbers that mean nothing. */
  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const H = this.hiddenSize;
    if (!isBatchOf(projected, h, H)) throw stateError('GRUCell', projected, h, `[B, ${H}]`);
    const [z, n] = this.reset === 'after' ? this.#resetAfter(projected, h) : this.#resetBefore(projected, h);
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
