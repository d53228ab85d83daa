/** Cells and wrappers that the tests of wrapped cells share. */
import { grad, leavesOf } from '@chronograd/autograd';
import { concat, normal, ones, Random, type Tensor } from '@chronograd/tensor';
import { WrappedCell } from '../../src/cells/wrapped.ts';
import {
  type AnyCell,
  Cell,
  GRUCell,
  LSTMCell,
  type Recurrent,
  RNNCell,
  type Step,
  variationalDropout,
  weightDrop,
  zoneout,
} from '../../src/index.ts';

export const [T, B, F, H] = [5, 3, 2, 2];
export const dtype = 'float64';
export const numbers = (x: Tensor): number[] => [...x.toTypedArray()];
export const bits = (x: Tensor): string => String(x.add(0).toArray());
export const drawn = (seed: number, ...shape: number[]): Tensor =>
  normal(shape, { random: new Random(seed), dtype });

/** Without a projection: the state is read and carried on. */
class LeakyCell extends Cell<Tensor> {
  readonly inner: RNNCell;
  constructor(random: Random) {
    super();
    this.inner = new RNNCell(F, H, { random, dtype });
  }
  initialState(batch: number): Tensor {
    return this.inner.initialState(batch);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    return this.stepReading(x, h, h);
  }
  override stepReading(x: Tensor, h: Tensor, read: Tensor): Step<Tensor> {
    const next = this.inner.step(x, read).state.mul(0.5).add(h.mul(0.5));
    return { output: next, state: next };
  }
}

export const CELLS: Readonly<Record<string, (random: Random) => AnyCell>> = {
  RNNCell: (random) => new RNNCell(F, H, { random, dtype }),
  LSTMCell: (random) => new LSTMCell(F, H, { random, dtype }),
  'GRUCell after': (random) => new GRUCell(F, H, { random, dtype }),
  'GRUCell before': (random) => new GRUCell(F, H, { random, dtype, reset: 'before' }),
  'a cell without projection': (random) => new LeakyCell(random),
};

type Wrap = (cell: AnyCell, p: number, seed: number) => AnyCell & { random: Random };
const NAMES = ['weightHh', 'weightIh'];
export const WRAPPERS: Readonly<Record<string, Wrap>> = {
  zoneout: (cell, p, seed) => zoneout(cell, p, { random: new Random(seed) }),
  variationalDropout: (cell, p, seed) =>
    variationalDropout(cell, { input: p, state: p, random: new Random(seed) }),
  weightDrop: (cell, p, seed) => weightDrop(cell, p, { names: NAMES, random: new Random(seed) }),
  'all of them': (cell, p, seed) => {
    const random = new Random(seed);
    const dropping = weightDrop(variationalDropout(cell, { input: p, state: p, random }), p, { random });
    return zoneout(dropping, p, { random });
  },
};

/** Shows what it reads: outputs the input and the state that it reads, and carries its state on. */
export class EchoCell extends Cell<Tensor> {
  initialState(batch: number): Tensor {
    return ones([batch, H], { dtype });
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    return this.stepReading(x, h, h);
  }
  override stepReading(x: Tensor, h: Tensor, read: Tensor): Step<Tensor> {
    return { output: concat([x, read], 1), state: h };
  }
}

/** Gives all wrappers around a cell one source. */
export function restart(cell: object, random: Random): void {
  for (let each: unknown = cell; each instanceof WrappedCell; each = each.cell) each.random = random;
}

export const measureGradients = (
  model: Recurrent<AnyCell>,
  loss: () => Tensor,
): ReadonlyMap<string, Tensor> =>
  new Map(leavesOf('test', grad(model, loss)()).map(({ path, leaf }) => [path, leaf]));
