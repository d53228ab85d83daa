/** For each law a cell that breaks it, as a small change to one that breaks none. */
import { customGradient } from '@chronograd/autograd';
import { linear, ones, Parameter, type Tensor, tensor, zeros } from '@chronograd/tensor';
import type { CellSizes, MakeCell } from '../../../src/checks/testing/index.ts';
import { LSTMCell, type LSTMState, ProjectedCell, RNNCell, type Step } from '../../../src/index.ts';

/** Options as the kit gives them. */
export type Options = Omit<CellSizes, 'inputSize' | 'hiddenSize'>;

/** RNNCell with `change` applied to its next state. */
type Change = (next: Tensor, projected: Tensor, h: Tensor) => Tensor;
const changed = (change: Change, read: (next: Tensor) => Tensor = (next) => next): MakeCell<RNNCell> => {
  class Changed extends RNNCell {
    override advance(projected: Tensor, h: Tensor): Step<Tensor> {
      const next = change(super.advance(projected, h).state, projected, h);
      return { output: read(next), state: next };
    }
  }
  return ({ inputSize, hiddenSize, ...options }) => new Changed(inputSize, hiddenSize, options);
};
export const madeOf =
  <C>(Class: new (inputSize: number, hiddenSize: number, options: Options) => C) =>
  ({ inputSize, hiddenSize, ...options }: CellSizes): C =>
    new Class(inputSize, hiddenSize, options);

/** Its initial state serves all streams at once. */
export class OneState extends ProjectedCell<Tensor> {
  readonly inner: RNNCell;
  constructor(inputSize: number, hiddenSize: number, options: Options) {
    super();
    this.inner = new RNNCell(inputSize, hiddenSize, options);
  }
  initialState(): Tensor {
    return zeros([1, this.inner.hiddenSize], { dtype: this.inner.weightHh.dtype });
  }
  project(x: Tensor): Tensor {
    return this.inner.project(x);
  }
  advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const next = linear(h, this.inner.weightHh).add(projected).tanh();
    return { output: next, state: next };
  }
}

/** Its states are float32, whatever it was asked for. */
export class NarrowState extends LSTMCell {
  override initialState(batch: number): LSTMState {
    return { h: zeros([batch, this.hiddenSize]), c: zeros([batch, this.hiddenSize]) };
  }
}

/** What it returns is not what it takes. */
export class OtherState extends LSTMCell {
  override advance(projected: Tensor, state: LSTMState): Step<LSTMState> {
    const { output, state: next } = super.advance(projected, state);
    return { output, state: { h: next.h } as LSTMState };
  }
}

let drawn = 0;
/** Its initial values do not come from the seed. */
export class Unseeded extends RNNCell {
  constructor(inputSize: number, hiddenSize: number, options: Options) {
    super(inputSize, hiddenSize, options);
    this.biasHh!.assign(this.biasHh!.add(++drawn));
  }
}

/** It counts its steps in a field. */
export class Counting extends RNNCell {
  steps = 0;
  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const next = super.advance(projected.add(0.1 * this.steps++), h).state;
    return { output: next, state: next };
  }
}

/** It writes into its weights. */
export class Writing extends RNNCell {
  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const step = super.advance(projected, h);
    this.biasHh!.assign(this.biasHh!.detach().mul(0.5));
    return step;
  }
}

/** x² with a backward that is right, and whose own derivative is cut. */
const cutSquare = customGradient(
  (x: Tensor) => x.square(),
  (g, _, x) => [g.mul(tensor(x.toTypedArray(), { shape: x.shape, dtype: x.dtype })).mul(2)],
);

/** A parameter that nothing depends on. */
export class Unused extends RNNCell {
  readonly gain: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: Options) {
    super(inputSize, hiddenSize, options);
    this.gain = new Parameter(zeros([hiddenSize], options));
  }
}

/** It computes with a hidden parameter. */
export class Hiding extends RNNCell {
  readonly #gain: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: Options) {
    super(inputSize, hiddenSize, options);
    this.#gain = new Parameter(ones([hiddenSize], options));
  }
  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    return super.advance(projected.mul(this.#gain), h);
  }
}

/** A part of its state is made of nothing. */
export class Forgetful extends LSTMCell {
  override advance(projected: Tensor, { h }: LSTMState): Step<LSTMState> {
    const none = zeros(h.shape, { dtype: h.dtype });
    const { output, state } = super.advance(projected, { h, c: none });
    return { output, state: { h: state.h, c: none } };
  }
}

/** A part of its state that nothing else depends on is the mean over the batch. */
export class Averaging extends LSTMCell {
  override advance(projected: Tensor, { h }: LSTMState): Step<LSTMState> {
    const none = zeros(h.shape, { dtype: h.dtype });
    const { output, state } = super.advance(projected, { h, c: none });
    return { output, state: { h: state.h, c: none.add(state.h.detach().mean(0, true)) } };
  }
}

/** Its projection looks at all steps. */
export class LooksAhead extends RNNCell {
  override project(x: Tensor): Tensor {
    const projected = super.project(x);
    return projected.rank === 3 ? projected.sub(projected.mean(0, true)) : projected;
  }
}

/** Its step is not its projection and its advance. */
export class TwoWays extends RNNCell {
  override step(x: Tensor, h: Tensor): Step<Tensor> {
    return this.advance(linear(x, this.weightIh, this.biasIh), h);
  }
}

/** It projects a single step to NaN. */
export class NanAlone extends RNNCell {
  override project(x: Tensor): Tensor {
    const projected = super.project(x);
    return projected.rank === 3 ? projected : projected.mul(Number.NaN);
  }
}

/** What all cells of this kind saw last. */
let last: Tensor | null = null;
export class Shared extends RNNCell {
  override advance(projected: Tensor, h: Tensor): Step<Tensor> {
    const before = last !== null && last.size === projected.size ? last.detach() : projected.mul(0);
    last = tensor(projected.toTypedArray(), { shape: projected.shape, dtype: projected.dtype });
    return super.advance(projected.add(before.mul(0.5)), h);
  }
}

export const byPlace = changed((next) => {
  const place = Array.from({ length: next.shape[0]! }, (_, b) => [1 + 0.1 * b]);
  return next.mul(tensor(place, { dtype: next.dtype as 'float64' }));
});
export const centred = changed((next) => next.sub(next.mean(0, true)));
export const nanInBatch = changed((next) => (next.shape[0] === 1 ? next : next.mul(Number.NaN)));
export const detached = changed((next, _, h) => next.add(h.detach()));
export const rounded = changed((next) => next.add(1e5).sub(1e5));
export const cut = changed((next) => cutSquare(next));
export const batchless = changed(
  (next) => next,
  (next) => next.mean(0),
);

/** Streams meet, but only where there are three units. */
export const meetsAtThree: MakeCell<RNNCell> = changed((next) =>
  next.shape[1]! < 3 ? next : next.sub(next.mean(0, true)),
);
