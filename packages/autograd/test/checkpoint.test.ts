import {
  bernoulli,
  memory,
  normal,
  Parameter,
  Random,
  ScopeError,
  scope,
  type Tensor,
  tensor,
  uniform,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  CheckpointSeries,
  checkpoint,
  customGradient,
  grad,
  hvp,
  replayRandom,
  valueAndGrad,
  withoutCheckpoints,
} from '../src/index.ts';

const random = new Random(1);
const some = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });
const w = new Parameter(some(3, 3));
const b = new Parameter(some(3));
/** A block that uses parameters from outside. */
const block = (x: Tensor): Tensor => x.matmul(w).add(b).tanh().mul(x.sigmoid());
const plainly = <R>(fn: () => R): R => fn();
type Around = typeof plainly;

/** Value and gradients with and without checkpoints: x, both parameters, a constant in between. */
function both(fn: (around: Around, x: Tensor) => Tensor): [number[], number[]] {
  const x0 = some(4, 3);
  return [plainly, checkpoint].map((around) => {
    const step = valueAndGrad({ x: x0, w, b }, () => fn(around as Around, x0));
    const { value, grads } = step();
    return [value, grads.x, grads.w, grads.b].flatMap((each) => [...each.toTypedArray()]);
  }) as [number[], number[]];
}

/** The largest difference of two lists; infinity where they are not equally long. */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}

test('A checkpoint gives the same value and the same gradients of what it uses: arguments, parameters, and what was computed outside', () => {
  const cases: ((around: Around, x: Tensor) => Tensor)[] = [
    (around, x) =>
      around(() => block(x))
        .square()
        .sum(),
    (around, x) => around(() => block(around(() => block(x)))).sum(), // one inside the other
    // a result that is not used
    (around, x) => around(() => [block(x), { y: x.exp(), n: 3 }] as const)[1].y.sum(),
    (around, x) =>
      around(() => ({ x, same: x }))
        .same.mul(around(() => x))
        .sum(), // nothing is computed
    (around, x) =>
      around(() => tensor([1, 2], { dtype: 'float64' }))
        .sum()
        .mul(x.sum()), // nothing is used
    (around, x) =>
      x
        .detach()
        .mul(around(() => x.detach().mul(block(x)).add(x.argmax(-1).unsqueeze(-1).cast('float64'))))
        .sum(),
  ];
  for (const fn of cases) {
    const [plain, kept] = both(fn);
    expect(distance(kept, plain)).toBeLessThanOrEqual(1e-14);
  }
  expect(checkpoint(() => block(tensor([[1, 2, 3]], { dtype: 'float64' }))).shape).toEqual([1, 3]);
});

test('Results keep their tree: values that are not float tensors are returned unchanged', () => {
  grad(w, () => {
    const { list, count, picked } = checkpoint(() => ({
      list: [w.sum(), w.sum()],
      count: 2,
      picked: w.argmax(0),
    }));
    expect(list).toHaveLength(2);
    expect(count).toBe(2);
    expect(picked.toArray()).toEqual(w.argmax(0).toArray());
    return list[0]!.add(list[1]!);
  })();
});

test('Hessians pass through checkpoints', () => {
  const [x, v] = [some(4, 3), some(4, 3)];
  const [plain, kept] = [plainly, checkpoint].map((around) =>
    hvp(
      (x: Tensor) =>
        (around as Around)(() => block(x))
          .square()
          .sum(),
      x,
      v,
    ),
  );
  for (const name of ['grads', 'product'] as const) {
    expect(distance(kept![name].toTypedArray(), plain![name].toTypedArray())).toBeLessThanOrEqual(1e-12);
  }
});

test('What is drawn once is the same in both runs, in checkpoints inside of checkpoints too; the generator moves on once', () => {
  const losses = [plainly, checkpoint].map((around) => {
    const source = new Random(7);
    const drop = (x: Tensor): Tensor =>
      x.mul(replayRandom(() => bernoulli(x.shape, 0.5, { random: source, dtype: 'float64' })));
    const run = around as Around;
    const step = valueAndGrad(w, () =>
      run(() => drop(run(() => drop(w.exp())).add(drop(w))))
        .square()
        .sum(),
    );
    const { value, grads } = step();
    return `${value} ${grads} ${source.bits()}`;
  });
  expect(losses[1]).toBe(losses[0]);
  expect(
    Object.is(
      replayRandom(() => w),
      w,
    ),
  ).toBe(true);
});

test('A function that differs between its two runs is detected: other numbers, other ops, more draws', () => {
  const source = new Random(1);
  let runs = 0;
  const twice = (fn: () => Tensor) => grad(w, () => checkpoint(fn).sum());
  const drawn = (): Tensor => uniform([3, 3], { random: source, dtype: 'float64' });
  expect(twice(() => w.mul(drawn()))).toThrow('other numbers came in a tensor made by uniform');
  expect(twice(() => (runs++ === 0 ? w.exp() : w.exp().exp()))).toThrow(
    'other ops ran when the function ran again',
  );
  runs = 0;
  expect(twice(() => (runs++ === 0 ? w : w.mul(replayRandom(drawn))))).toThrow('drew more than 0 times');
});

test('A function with other results at its second run is detected: a changed number, one result more or less, another shape', () => {
  let runs = 0;
  const trial = (fn: () => Tensor | readonly Tensor[]) => {
    runs = 0;
    return grad(w, () => [checkpoint(fn)].flat()[0]!.sum());
  };
  const message = 'checkpoint: another result came in a tensor made by mul when the function ran again';
  expect(trial(() => w.mul(++runs))).toThrow(message);
  expect(trial(() => (runs++ === 0 ? [w.mul(2)] : [w.mul(2), w]))).toThrow('another result came');
  expect(trial(() => w.mul(2).slice([0, ++runs]))).toThrow('another result came');
  expect(trial(() => [w.exp(), w.mul(2).argmax(-1).mul(++runs)])).toThrow(message);
  expect(trial(() => w.mul(0).log().neg().sqrt().transpose())).not.toThrow();
});

test('What was computed inside is gone afterwards, and a tensor that slipped out says so', () => {
  let inside: Tensor | undefined;
  const step = grad(w, () => {
    const y = checkpoint(() => {
      inside = w.exp();
      return inside.sum();
    });
    expect(() => inside!.toArray()).toThrow(ScopeError);
    return y;
  });
  expect(step().shape).toEqual([3, 3]);
  const failing = grad(w, () => checkpoint((): Tensor => w.matmul(w.slice([0, 2]))).sum());
  expect(failing).toThrow('matmul');
  expect(step().toArray()).toEqual(w.exp().toArray());
});

test('Twenty blocks in checkpoints take the memory of their results and of one block, and the same loose data is copied in once', () => {
  const x = some(64, 64);
  const v = new Parameter(some(64, 64));
  const bytes = (around: Around): number => {
    let most = 0;
    scope(() => {
      grad(v, () => {
        let y: Tensor = x;
        for (let i = 0; i < 20; i++) {
          const before = y; // the second run comes when y is another
          y = around(() => {
            let z = before.mul(x);
            for (let k = 0; k < 10; k++) z = z.mul(v).tanh();
            most = Math.max(most, memory().arena.bytes);
            return z;
          });
        }
        return y.sum();
      })();
      most = Math.max(most, memory().arena.bytes);
    });
    return most / (64 * 64 * 8);
  };
  // In blocks of one tensor: 20 results, their 20 gradients, x, one recomputed block (21 forward,
  // some 40 backward), little else.
  expect(bytes(checkpoint as Around)).toBeLessThan(130);
  expect(bytes(plainly)).toBeGreaterThan(1000);
});

test('a gradient that is a parameter itself is never added into', () => {
  const decay = customGradient(
    (x: Tensor) => x.square().sum().mul(0.5),
    (_g, _y, x) => [x],
  );
  const w = new Parameter(tensor([1, 2, 3]));
  const series = new CheckpointSeries();
  const loss = (): Tensor => [0, 1, 2, 3].map(() => series.run(() => decay(w))).reduce((a, b) => a.add(b));
  const { grads } = valueAndGrad({ w }, loss)();
  expect([w.toArray(), grads.w.toArray()]).toEqual([
    [1, 2, 3],
    [4, 8, 12],
  ]);
});

test('withoutCheckpoints throws for an asynchronous function: after an await they would be back', () => {
  expect(() => withoutCheckpoints(async () => 1)).toThrow(
    'withoutCheckpoints: expected a function that returns',
  );
});
