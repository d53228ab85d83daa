import { checkpoint, grad } from '@chronograd/autograd';
import { bernoulli, memory, plan, Random, scope, type Tensor, tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AnyCell,
  Cell,
  Dropout,
  detectAnomaly,
  type Layer,
  LSTM,
  Recurrent,
  RNNCell,
  type Step,
  variationalDropout,
} from '../../src/index.ts';
import { LstmCell } from '../cells/lstm.ts';
import { relativeError } from '../differences.ts';
import { cellOf, measure, numbers, someKind } from './problems.ts';

const [T, B, F, H] = [7, 2, 3, 2];

/**
 * The values with −0 as 0: a buffer that is added to starts from +0, so signs of zeros may differ.
 */
const bits = (x: Tensor): string => String(x.add(0).toArray());

test('Segments that are computed again give the same bits as one loop: outputs, final states, every gradient, of any cells, directions and padding', () => {
  const layer = fc.array(someKind, { minLength: 1, maxLength: 2 });
  const checkpoint = fc.constantFrom<true | number>(true, 1, 2, 3, T, 50);
  fc.assert(
    fc.property(
      layer,
      layer,
      checkpoint,
      fc.boolean(),
      fc.boolean(),
      fc.nat(1000),
      (first, second, length, padded, learned, seed) => {
        const random = new Random(seed);
        let width = F;
        const cells = [first, second].map((kinds): Layer => {
          const [a, b] = kinds.map((kind) => cellOf(kind, width, H, random)) as [AnyCell, AnyCell];
          width = H * kinds.length;
          return kinds.length === 2 ? [a, b] : a;
        });
        const x = numbers(seed, T, B, F);
        const padding = padded ? { lengths: [T, 3] } : {};
        const [plain, kept] = [false, length].map((checkpoint) => {
          const recurrent = new Recurrent(cells, {
            ...{ dropout: 0.3, random: new Random(seed), learnInitialState: learned, checkpoint },
          });
          return measure({ recurrent, x }, () => recurrent.forward(x, undefined, padding));
        });
        expect(bits(kept!.outputs)).toBe(bits(plain!.outputs));
        expect(kept!.states.map(bits)).toEqual(plain!.states.map(bits));
        expect([...kept!.grads.keys()]).toEqual([...plain!.grads.keys()]);
        for (const [name, g] of plain!.grads)
          expect([name, bits(kept!.grads.get(name)!)]).toEqual([name, bits(g)]);
      },
    ),
    { seed: 1, numRuns: 25 },
  );
});

/** An RNN that drops parts of its state, with a new mask at every step. */
class DroppingCell extends Cell<Tensor> {
  readonly inner: RNNCell;
  readonly dropout: Dropout;
  constructor(random: Random) {
    super();
    this.inner = new RNNCell(F, H, { random, dtype: 'float64' });
    this.dropout = new Dropout(0.5, { random });
  }
  initialState(batch: number): Tensor {
    return this.inner.initialState(batch);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    return this.inner.step(x, this.dropout.forward(h));
  }
}

test('Dropout inside of a cell has the same masks when a segment is computed again', () => {
  const cell = new DroppingCell(new Random(1));
  const x = numbers(1, T, B, F);
  const [plain, kept] = [false, true].map((checkpoint) => {
    cell.dropout.random = new Random(5);
    const recurrent = new Recurrent(cell, { checkpoint });
    return measure({ recurrent, x }, () => recurrent.forward(x));
  });
  expect([...kept!.grads].map(([name, g]) => [name, bits(g)])).toEqual(
    [...plain!.grads].map(([name, g]) => [name, bits(g)]),
  );
});

test('A cell whose steps draw random numbers that differ at the second run is detected, and the error says where to draw', () => {
  class DrawingCell extends DroppingCell {
    readonly random = new Random(2);
    override step(x: Tensor, h: Tensor): Step<Tensor> {
      return this.inner.step(x, h.mul(bernoulli(h.shape, 0.5, { random: this.random, dtype: 'float64' })));
    }
  }
  const recurrent = new Recurrent(new DrawingCell(new Random(1)), { checkpoint: 2 });
  const run = grad(recurrent, () => recurrent.forward(numbers(1, T, B, F)).outputs.sum());
  expect(run).toThrow('other numbers came in a tensor made by bernoulli when the function ran again');
  expect(run).toThrow('replayRandom');
});

/** The most bytes that a training step has in the arena: at a step of the cell, or at its end. */
function bytes(steps: number, checkpoint: boolean): number {
  let most = 0;
  const look = (): void => {
    most = Math.max(most, memory().arena.bytes);
  };
  class Watched extends LstmCell {
    override step(...args: Parameters<LstmCell['step']>): ReturnType<LstmCell['step']> {
      look();
      return super.step(...args);
    }
  }
  const recurrent = new Recurrent(new Watched(1, 8, new Random(1)), { checkpoint });
  const x = zeros([steps, 1, 1], { dtype: 'float64' });
  scope(() => {
    grad(recurrent, () => recurrent.forward(x).outputs.sum())();
    look();
  });
  return most;
}

test('Beside inputs and outputs, memory of a checkpointed loop grows with √T, and that of a plain one with T', () => {
  // Bytes are a·T + b·√T + c, and √T is 8, 16 and 32 here.
  const [small, middle, large] = [64, 256, 1024].map((steps) => bytes(steps, true)) as [
    number,
    number,
    number,
  ];
  const a = (large - middle - 2 * (middle - small)) / (1024 - 256 - 2 * (256 - 64));
  const perStep = bytes(256, false) / 256;
  // An output is 64 bytes: in its segment, in the whole, and its gradient.
  expect(a).toBeLessThan(5 * 64);
  expect(perStep).toBeGreaterThan(40 * 64);
  expect(large - 1024 * a).toBeLessThan(2 * 32 * perStep);
});

test('An anomaly in a checkpointed loop is named with its op, module and time step, forward and backward', () => {
  class FragileCell extends Cell<Tensor> {
    initialState(batch: number): Tensor {
      return zeros([batch, 1]);
    }
    step(x: Tensor, h: Tensor): Step<Tensor> {
      const next = h.mul(0.5).add(
        x
          .slice(null, [0, 1])
          .reciprocal()
          .add(x.slice(null, [1]).sqrt()),
      );
      return { output: next, state: next };
    }
  }
  const model = new Recurrent(new FragileCell(), { checkpoint: 2 });
  const step = grad((x: Tensor) => model.forward(x).outputs.sum());
  const inputs = (at: number) =>
    tensor(Array.from({ length: 5 }, (_, t) => [[0, 1].map((i) => (t === 3 && i === at ? 0 : 1))]));
  expect(() => detectAnomaly(model, () => step(inputs(0)))).toThrow('forward pass at cell, time step 3: pow');
  expect(() => detectAnomaly(model, () => step(inputs(1)))).toThrow(
    'backward pass at cell, time step 3: the backward of sqrt',
  );
});

test('Without gradients a checkpointed loop just runs; invalid lengths of segments are rejected', () => {
  const lstm = new LSTM(F, H, { random: new Random(1), dtype: 'float64', layers: 2, checkpoint: 3 });
  expect(lstm.recurrent.checkpoint).toBe(3);
  expect(lstm.forward(numbers(1, T, B, F)).outputs.shape).toEqual([T, B, H]);
  for (const checkpoint of [0, -1, 1.5, Number.NaN]) {
    expect(() => new LSTM(F, H, { random: new Random(1), checkpoint })).toThrow('a segment length');
  }
});

test('A planned step with checkpoints gives the bits of the step itself, call after call, with fresh masks in each', () => {
  const steps = [false, true].map((planned) => {
    const cell = new DroppingCell(new Random(1));
    const recurrent = new Recurrent([cell, new RNNCell(H, H, { random: new Random(2), dtype: 'float64' })], {
      ...{ dropout: 0.5, random: new Random(3), checkpoint: 3 },
    });
    const step = grad(recurrent, (x: Tensor) => recurrent.forward(x).outputs.square().sum());
    return planned ? plan(step) : step;
  });
  for (let seed = 0; seed < 4; seed++) {
    const [direct, planned] = steps.map((step) => step(numbers(seed, T, B, F)).cell[0]);
    expect(bits(planned!.inner.weightHh)).toBe(bits(direct!.inner.weightHh));
    expect(bits(planned!.inner.weightIh)).toBe(bits(direct!.inner.weightIh));
  }
});

test('A checkpoint around a checkpointed loop gives its gradients, dropped inputs and states included', () => {
  const cell = new RNNCell(F, H, { random: new Random(1), dtype: 'float64' });
  for (const input of [numbers(1, T, B, F), zeros([T, B], { dtype: 'int32' })]) {
    const random = new Random(2);
    const dropping = variationalDropout(cell, { state: 0.5, random });
    const recurrent = new Recurrent(dropping, { checkpoint: 3 });
    const loss = (): Tensor => recurrent.forward(input).outputs.square().sum();
    const [alone, around] = [loss, () => checkpoint(loss)].map((body) => {
      dropping.random = new Random(2);
      return grad(recurrent, body)().cell.cell;
    });
    for (const name of ['weightIh', 'weightHh'] as const)
      expect(bits(around![name])).toBe(bits(alone![name]));
  }
});

test('Gradients of gradients pass through checkpoints', () => {
  const cell = new RNNCell(F, H, { random: new Random(1), dtype: 'float64' });
  const x = numbers(1, T, B, F);
  const [plain, kept] = [false, 2].map((checkpoint) => {
    const recurrent = new Recurrent(cell, { checkpoint });
    const slope = (h: Tensor): Tensor =>
      grad((start: Tensor) => recurrent.forward(x, start).outputs.square().sum())(h)
        .square()
        .sum();
    return grad(slope)(zeros([B, H], { dtype: 'float64' }).add(0.1)).toTypedArray();
  });
  expect(relativeError(kept!, plain!)).toBeLessThanOrEqual(1e-12);
});
