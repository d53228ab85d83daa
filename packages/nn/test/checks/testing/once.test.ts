import { customGradient } from '@chronograd/autograd';
import { Parameter, Random, type Tensor, tensor, uniform, where, zeros } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  type CellLawOptions,
  type CellLawReport,
  type CellSizes,
  cellLaws,
  checkCell,
  type LawId,
  lawOutcomes,
  type MakeCell,
} from '../../../src/checks/testing/index.ts';
import { Cell, type LayerOptions, Linear, RNNCell, type Step } from '../../../src/index.ts';
import { failure } from './failure.ts';

/** A linear layer, and a state of H numbers that begins as `start`. */
abstract class Layered extends Cell<Tensor> {
  readonly l: Linear;
  readonly hiddenSize: number;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.l = new Linear(inputSize, hiddenSize, options);
    this.hiddenSize = hiddenSize;
  }
  initialState(batch: number): Tensor {
    return zeros([batch, this.hiddenSize], { dtype: this.l.weight.dtype }).add(1);
  }
}
const of =
  <C>(Class: new (inputSize: number, hiddenSize: number, options: LayerOptions) => C) =>
  ({ inputSize, hiddenSize, ...options }: CellSizes): C =>
    new Class(inputSize, hiddenSize, options);

const brokenOf = (report: CellLawReport) => report.laws.filter(({ broken }) => broken !== null);
const reportOf = <C extends Cell<unknown>>(make: MakeCell<C>, options: CellLawOptions<C> = {}) =>
  failure(() => checkCell(make, options)).report;

/** 1 − y, where tanh' is 1 − y². */
const wrongTanh = customGradient(
  (z: Tensor) => z.tanh(),
  (g, y) => [g.mul(y.neg().add(1))],
  'wrongTanh',
);

/** A wrong gradient, and NaN from the second step on. */
class NanLater extends Layered {
  step(x: Tensor, s: Tensor): Step<Tensor> {
    return { output: wrongTanh(this.l.forward(x)).add(s.add(9).sqrt()), state: s.sub(20) };
  }
}

/** NaN where a state is below 0, which its own never are. */
class Root extends Layered {
  step(x: Tensor, s: Tensor): Step<Tensor> {
    const y = this.l.forward(x).mul(0.01).add(s);
    return { output: y.sqrt(), state: y };
  }
}

test('A wrong gradient is reported although a longer run makes NaN, and the NaN beside it, once', () => {
  const [gradients, other, ...more] = brokenOf(reportOf(of(NanLater)));
  expect(more).toEqual([]);
  const [first, second] = [gradients, other].sort((a) => (a!.id === 'gradients' ? -1 : 1));
  expect(first!.id).toBe('gradients');
  expect(first!.broken!.what).toMatch(/^the gradient with respect to cell\.l\.\w+ at/);
  expect(first!.broken!.detail).toMatch(/^no table over 3 steps: the output is NaN at step 1.*sqrt made NaN/);
  expect(second!.broken!.what).toMatch(/sqrt made NaN out of finite numbers/);
});

test('NaN is reported as NaN in every law, with the op, the step and the option that draws other states', () => {
  for (const { id, check } of cellLaws(of(Root))) {
    if (id === 'shapes') continue;
    const { what, cure } = (() => {
      try {
        check();
        return { what: 'held', cure: '' };
      } catch {
        return failure(check).report.laws[0]!.broken!;
      }
    })();
    if (what === 'held') continue;
    expect(what).toMatch(/NaN.*: forward pass at time step \d: sqrt made NaN out of finite numbers$/);
    expect(cure).toContain('`state`');
    expect(cure).not.toContain('must not mix');
  }
  expect(brokenOf(reportOf(of(Root)))).toHaveLength(1);
  const positive = (cell: Root, batch: number, random: Random) =>
    uniform([batch, cell.hiddenSize], { random, dtype: 'float64', low: 1, high: 2 });
  expect(checkCell(of(Root), { state: positive }).passed).toBe(true);
});

test('A gradient that is not finite names the op whose backward made it', () => {
  class Kink extends Layered {
    step(x: Tensor, s: Tensor): Step<Tensor> {
      const y = this.l.forward(x).add(s);
      return { output: y.sub(y.detach()).square().sqrt().add(y), state: y };
    }
  }
  const { what } = brokenOf(reportOf(of(Kink)))[0]!.broken!;
  expect(what).toMatch(/^the gradient of .* is NaN.*backward pass.*sqrt/);
});

test('NaN that no op made from finite numbers is reported as a constant', () => {
  class Constant extends Layered {
    step(x: Tensor, s: Tensor): Step<Tensor> {
      return { output: this.l.forward(x).add(s).mul(Number.NaN), state: s };
    }
  }
  const [first] = brokenOf(reportOf(of(Constant)));
  expect(first!.broken!.what).toMatch(/the output is NaN at step 0.*no op made it from finite numbers/);
});

test('A point at the edge of the domain is reported as such, and one near it is not an error', () => {
  class Edge extends Layered {
    step(x: Tensor, s: Tensor): Step<Tensor> {
      return { output: this.l.forward(x).add(s.sqrt()), state: s };
    }
  }
  const near = (distance: number) => (cell: Edge, batch: number) => cell.initialState(batch).mul(distance);
  expect(checkCell(of(Edge), { state: near(0.01), runs: 3 }).passed).toBe(true);
  const { id, broken } = brokenOf(reportOf(of(Edge), { state: near(1e-12) }))[0]!;
  expect(id).toBe('gradients');
  expect(broken!.what).toMatch(/differences NaN/);
  expect(broken!.cure).toMatch(/^a small step away the cell is not finite/);
});

test('Random numbers in a step break the law of determinism, and no other law says more', () => {
  const random = new Random(5);
  class Zoneout extends RNNCell {
    override advance(projected: Tensor, h: Tensor): Step<Tensor> {
      const next = super.advance(projected, h).state;
      const keep = uniform(h.shape, { random })
        .toTypedArray()
        .map((u) => (u < 0.3 ? 1 : 0));
      const zoned = where(tensor(keep, { shape: h.shape, dtype: h.dtype }), h, next);
      return { output: zoned, state: this.training ? zoned : next };
    }
  }
  const { laws } = reportOf(of(Zoneout));
  expect(laws.filter(({ broken }) => broken !== null).map(({ id }) => id)).toEqual(['determinism']);
  expect(laws.filter(({ untried }) => untried === 'determinism')).toHaveLength(11);
  expect(laws[1]!.broken!.cure).toContain('evaluate()');
});

test('One exception is reported once, whatever sizes its message names', () => {
  class Throws extends RNNCell {
    override advance(projected: Tensor, h: Tensor): Step<Tensor> {
      return super.advance(projected.matmul(h), h);
    }
  }
  const { laws } = reportOf(of(Throws));
  const [first, ...others] = laws.filter(({ broken }) => broken !== null);
  expect(others).toEqual([]);
  expect(first!.broken!.what).toMatch(/^it threw ShapeError: matmul/);
  expect(laws.filter(({ untried }) => untried === first!.id).length).toBeGreaterThan(8);
});

const indices = (
  { steps, batch, inputSize }: { steps: number; batch: number; inputSize: number },
  random: Random,
) =>
  tensor(
    Int32Array.from({ length: steps * batch }, () => random.integer(inputSize)),
    { shape: [steps, batch] },
  );

/** Takes pictures [B, F, 2, 2], and numbers from 0 to 1 only. */
class Pictures extends Cell<Tensor> {
  readonly layer: Linear;
  readonly scale: Parameter;
  constructor(inputSize: number, hiddenSize: number, options: LayerOptions) {
    super();
    this.layer = new Linear(4 * inputSize, hiddenSize, options);
    this.scale = new Parameter(zeros([hiddenSize], options));
  }
  initialState(batch: number): Tensor {
    return zeros([batch, this.scale.size], { dtype: this.scale.dtype });
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const roots = x.add(0.1).sqrt().reshape([x.shape[0]!, -1]);
    const next = this.layer.forward(roots).add(h.mul(this.scale)).tanh();
    return { output: next, state: next };
  }
}

test('With inputs of another dtype, rank and range every law holds', () => {
  const made = checkCell(of(RNNCell), { inputs: indices, runs: 4 });
  expect(made.passed).toBe(true);
  expect(made.laws).toHaveLength(13);
  const pictures: CellLawOptions<Pictures>['inputs'] = ({ steps, batch, inputSize }, random) =>
    uniform([steps, batch, inputSize, 2, 2], { random });
  expect(checkCell(of(Pictures), { inputs: pictures, runs: 4 }).passed).toBe(true);
});

test('With inputs of the caller a law still finds what is wrong: a detached term, streams that mix', () => {
  class Detached extends RNNCell {
    override advance(projected: Tensor, h: Tensor): Step<Tensor> {
      return super.advance(projected, h.detach());
    }
  }
  class Meeting extends RNNCell {
    override advance(projected: Tensor, h: Tensor): Step<Tensor> {
      return super.advance(projected.sub(projected.mean(0, true)), h);
    }
  }
  const lawsOf = (make: MakeCell<RNNCell>): LawId[] =>
    brokenOf(reportOf(make, { inputs: indices })).map(({ id }) => id);
  expect(lawsOf(of(Detached))).toEqual(['gradients']);
  expect(lawsOf(of(Meeting))).toEqual(['batch', 'padding']);
});

test.each([
  [() => 3, /cellLaws: expected inputs of shape \[T, B, …\] = \[1, 1, …\], got a number/],
  [() => zeros([1]), /got float32 \[1\]/],
  [() => zeros([2, 3, 1]), /got float32 \[2, 3, 1\]/],
])('Invalid inputs are rejected with a readable message', (inputs, message) => {
  const options = { inputs } as unknown as CellLawOptions<RNNCell>;
  expect(() => checkCell(of(RNNCell), options)).toThrow(message);
});

test('lawOutcomes yields the outcomes of checkCell in its order, and does not throw', () => {
  expect([...lawOutcomes(of(NanLater))]).toEqual(reportOf(of(NanLater)).laws);
  const right = of(RNNCell);
  expect([...lawOutcomes(right)]).toEqual(checkCell(right).laws);
});

test('lawOutcomes yields each outcome before it makes cells for the next law', () => {
  let made = 0;
  const outcomes = lawOutcomes((sizes) => {
    made++;
    return of(RNNCell)(sizes);
  });
  const counts = [0, 1, 2].map(() => {
    outcomes.next();
    return made;
  });
  expect(counts[0]).toBeLessThan(counts[1]!);
  expect(counts[1]).toBeLessThan(counts[2]!);
});
