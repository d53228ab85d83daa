import { grad, gradcheck, valueAndGrad } from '@chronograd/autograd';
import { DtypeError, normal, plan, Random, ShapeError, type Tensor, tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gaussianNLL, huber, type LossOptions, quantileLoss } from '../../src/index.ts';
import { relativeError } from '../differences.ts';

const dtype = 'float64';
const random = new Random(7);
const double = (values: readonly number[]): Tensor => tensor(values, { dtype });
const numbers = (x: Tensor): number[] => [...x.toTypedArray()];
const slopes = (loss: (x: Tensor) => Tensor, at: readonly number[]): number[] =>
  numbers(grad((x: Tensor) => loss(x).sum())(double(at))).map((slope) => slope + 0);
const [NONE, SUM] = [{ reduction: 'none' }, { reduction: 'sum' }] as const;

const some = fc.array(fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 })), {
  minLength: 1,
  maxLength: 6,
});
/** Compares with a formula of plain numbers at multiples of ¼, kinks included. */
function equalsFormula(
  loss: (x: Tensor, y: Tensor) => Tensor,
  formula: (x: number, y: number) => number,
): void {
  fc.assert(
    fc.property(some, (pairs) => {
      const [x, y] = [pairs.map(([a]) => a / 4), pairs.map(([, b]) => b / 4)];
      const wanted = x.map((each, i) => formula(each, y[i]!));
      expect(relativeError(numbers(loss(double(x), double(y))), wanted)).toBeLessThanOrEqual(1e-14);
    }),
    { seed: 1, numRuns: 50 },
  );
}

const x = normal([2, 3], { random, dtype, std: 2 });
const y = normal([2, 3], { random, dtype, std: 2 });
const s = normal([2, 1], { random, dtype });
const mask = tensor([1, 0], { dtype: 'int32' });

/** Each with arguments at which it is smooth. */
const losses: Readonly<Record<string, (x: Tensor, y: Tensor, s: Tensor, options: LossOptions) => Tensor>> = {
  huber: (x, y, _, options) => huber(x, y, { ...options, delta: 1.5 }),
  'gaussianNLL of a log variance': (x, y, s, options) => gaussianNLL(x, y, { ...options, logVariance: s }),
  'gaussianNLL of a variance': (x, y, s, options) =>
    gaussianNLL(x, y, { ...options, variance: s.exp(), full: true }),
  quantileLoss: (x, y, _, options) => quantileLoss(x, y, 0.3, options),
  'quantileLoss of several': (x, y, _, options) => quantileLoss(x, y.select(0, -1), [0.2, 0.5, 0.7], options),
};

describe.each(Object.entries(losses))('%s', (_, loss) => {
  test('has gradients of all arguments that equal differences, first and second order, and a plan gives the same bits', () => {
    for (const options of [{}, { mask }] as const) {
      const mean = (x: Tensor, y: Tensor, s: Tensor): Tensor => loss(x, y, s, options);
      gradcheck(mean, [x, y, s], { order: 'mask' in options ? 2 : 1 });
      const step = valueAndGrad((at: { x: Tensor; y: Tensor; s: Tensor }) => mean(at.x, at.y, at.s));
      const planned = plan(step);
      for (const at of [x, x.mul(2), x.neg()])
        expect(JSON.stringify(planned({ x: at, y, s }))).toBe(JSON.stringify(step({ x: at, y, s })));
    }
  });

  test("gives with 'none' a loss for each element, 0 where the mask is, of which 'sum' is the sum", () => {
    for (const options of [{}, { mask }]) {
      const each = loss(x, y, s, { ...options, ...NONE });
      expect(each.shape).toEqual([2, 3]);
      if ('mask' in options) expect(numbers(each).slice(3)).toEqual([0, 0, 0]);
      const sum = numbers(each).reduce((a, b) => a + b);
      expect(relativeError([loss(x, y, s, { ...options, ...SUM }).item()], [sum])).toBeLessThanOrEqual(1e-14);
    }
  });
});

describe('huber', () => {
  test.each([0.25, 1, 3])(
    'is d²/2 up to δ = %d and δ·(|d| − δ/2) above, with the gradient d limited to ±δ',
    (delta) => {
      const formula = (a: number, b: number): number => {
        const d = Math.abs(a - b);
        return d <= delta ? d ** 2 / 2 : delta * (d - delta / 2);
      };
      equalsFormula((a, b) => huber(a, b, { ...NONE, delta }), formula);
      const d = [-delta - 1, -delta, -delta / 2, 0, delta, 9, Number.POSITIVE_INFINITY, -Infinity];
      const limited = d.map((each) => Math.min(delta, Math.max(-delta, each)));
      expect(slopes((at) => huber(at, double(d.map(() => 0)), { ...NONE, delta }), d)).toEqual(limited);
    },
  );

  test('is ∞ at an infinite difference, and NaN stays NaN', () => {
    const odd = double([Infinity, -Infinity, Number.NaN]);
    expect(numbers(huber(odd, double([0, 0, 0]), NONE))).toEqual([Infinity, Infinity, Number.NaN]);
  });
});

describe('gaussianNLL', () => {
  test('is ½·(log v + d²/v), for a variance and for its logarithm; full adds ½·log 2π', () => {
    const formula = (v: number) => (a: number, b: number) => 0.5 * (Math.log(v) + (a - b) ** 2 / v);
    for (const v of [0.01, 0.5, 1, 40]) {
      const variance = double([v]);
      equalsFormula((a, b) => gaussianNLL(a, b, { ...NONE, variance }), formula(v));
      equalsFormula((a, b) => gaussianNLL(a, b, { ...NONE, logVariance: variance.log() }), formula(v));
      const full = gaussianNLL(x, y, { variance, full: true }).item();
      expect(full - gaussianNLL(x, y, { variance }).item()).toBeCloseTo(Math.log(2 * Math.PI) / 2, 12);
    }
  });

  test('is smallest where the variance is the mean of the squared differences', () => {
    const variance = x.sub(y).square().mean().reshape([1]);
    const loss = (v: Tensor): Tensor => gaussianNLL(x, y, { variance: v });
    expect(Math.abs(grad(loss)(variance).item())).toBeLessThanOrEqual(1e-15);
    const least = loss(variance).item();
    for (const factor of [0.9, 1.1]) expect(loss(variance.mul(factor)).item()).toBeGreaterThan(least);
  });

  test('A variance below ε counts as ε and has the gradient that it has there: it can grow again', () => {
    const [eps, d] = [0.01, 3];
    const at = (v: number): number[] => {
      const loss = (variance: Tensor) => gaussianNLL(double([d]), double([0]), { variance, eps });
      return [loss(double([v])).item(), ...numbers(grad(loss)(double([v])))];
    };
    for (const low of [0.001, 0]) expect(at(low)).toEqual(at(eps));
    expect(at(0)[1]).toBeLessThan(-1e4);
    const loss = (logVariance: Tensor) => gaussianNLL(double([d]), double([0]), { logVariance, eps });
    const ofLog = (s: number) => [loss(double([s])).item(), ...slopes(loss, [s])];
    for (const low of [-5, -1000]) expect(ofLog(low)).toEqual(ofLog(Math.log(eps)));
    expect(ofLog(-1000)[1]).toBeCloseTo(0.5 * (1 - d ** 2 / eps), 9);
  });

  test('A negative variance gives NaN, and so does NaN; an infinite one gives ∞', () => {
    const of = (variance: number) => gaussianNLL(double([1]), double([0]), { variance: double([variance]) });
    expect([-1, -1e-9, Number.NaN, Infinity].map((v) => of(v).item())).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Infinity,
    ]);
  });

  test('takes one spread: neither, both, and one of another shape or dtype are refused', () => {
    const refused = (options: object) => expect(() => gaussianNLL(x, y, options as { variance: Tensor }));
    refused({}).toThrow('gaussianNLL: expected logVariance or variance, got neither; ');
    refused({ variance: s, logVariance: s }).toThrow('expected logVariance or variance, got both; ');
    refused({ variance: double([1, 2]) }).toThrow(ShapeError);
    refused({ variance: double([1, 2]) }).toThrow(
      "gaussianNLL: expected a variance that broadcasts to the mean's shape [2, 3], got [2]",
    );
    refused({ logVariance: double([1, 2]) }).toThrow('expected a logVariance that broadcasts');
    refused({ logVariance: zeros([2, 3]) }).toThrow(DtypeError);
    refused({ logVariance: s, eps: 0 }).toThrow('gaussianNLL: expected a number above 0 for eps, got 0');
    refused({ logVariance: s, full: 1 }).toThrow('gaussianNLL: expected true or false for full, got 1');
  });
});

describe('quantileLoss', () => {
  test.each([0.1, 0.5, 0.75])('is max(q·d, (q − 1)·d) for q = %d, with gradient 0 at d = 0', (q) => {
    const formula = (a: number, b: number): number => Math.max(q * (b - a), (q - 1) * (b - a));
    equalsFormula((a, b) => quantileLoss(a, b, q, NONE), formula);
    const at = [-2, 0, 2, -Infinity, Infinity];
    expect(slopes((each) => quantileLoss(each, zeros([5], { dtype }), q, NONE), at)).toEqual([
      -q,
      0,
      1 - q,
      -q,
      1 - q,
    ]);
  });

  test('is smallest at the quantile of the targets', () => {
    const targets = double(Array.from({ length: 99 }, (_, i) => i * i));
    for (const q of [0.1, 0.5, 0.9]) {
      const total = (guess: number) => quantileLoss(targets.mul(0).add(guess), targets, q, SUM).item();
      const guesses = numbers(targets).map(total);
      expect(guesses.indexOf(Math.min(...guesses))).toBe(Math.ceil(q * 99) - 1);
    }
  });

  test('of several quantiles is the loss of each column', () => {
    const q = [0.1, 0.5, 0.8];
    const target = y.select(0, -1);
    const all = quantileLoss(x, target, q, NONE);
    for (const [i, each] of q.entries())
      expect(numbers(all.select(i, -1))).toEqual(numbers(quantileLoss(x.select(i, -1), target, each, NONE)));
  });

  test('names invalid quantiles, and shapes that do not fit', () => {
    const refused = (q: unknown, target = y) => expect(() => quantileLoss(x, target, q as number));
    for (const q of [0, 1, Number.NaN, [0.5, 2, 0.1], [], '0.5', undefined])
      refused(q).toThrow('quantileLoss: expected numbers above 0 and below 1 for quantiles, got ');
    refused([0.5, 0.9], y.select(0, -1)).toThrow(
      'quantileLoss: expected an output [..., 2] for 2 quantiles and a target [...], got [2, 3] and [2]',
    );
    refused([0.1, 0.5, 0.9]).toThrow(ShapeError);
    refused(0.5, y.cast('float32')).toThrow(DtypeError);
  });
});
