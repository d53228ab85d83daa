import { gradcheck } from '@chronograd/autograd';
import {
  DtypeError,
  normal,
  Parameter,
  Random,
  ScopeError,
  type Tensor,
  tensor,
  ValueError,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';

const random = new Random(3);
const float64 = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });

const message = (
  run: () => unknown,
  type: typeof ValueError | typeof DtypeError | typeof ScopeError,
): string => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(type);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
};

test('float32 throws an error with its name, the reason and the cure, in inputs, in modules and in results', () => {
  const reason = 'got float32: differences in float32 hold about five digits at best';
  expect(message(() => gradcheck((x) => x.exp(), [tensor([1])]), DtypeError)).toContain(
    `expected float64 for inputs[0], ${reason}`,
  );
  const module = { cell: { parameterTree: () => ({ bias: new Parameter(tensor([1])) }) } };
  expect(message(() => gradcheck((_) => float64(1), [module]), DtypeError)).toContain(
    'expected float64 for inputs[0].cell.bias, got float32',
  );
  expect(message(() => gradcheck((x) => x.cast('float32'), [float64(2)]), DtypeError)).toContain(
    'expected float64 from the function, got float32',
  );
});

test('a function that returns different values for the same inputs throws an error, with what to do', () => {
  const shared = new Random(0);
  const dropout = (x: Tensor): Tensor => x.mul(normal(x.shape, { random: shared, dtype: 'float64' }));
  const said = message(() => gradcheck(dropout, [float64(2)]), ValueError);
  expect(said).toContain('expected the same bits from two calls with the same inputs');
  expect(said).toContain(
    'seed random numbers inside of the function (new Random(0) in each call), build modules outside of it',
  );
  let calls = 0;
  const signed = (x: Tensor): Tensor => x.abs().mul(calls++ % 2 === 0 ? 0 : -0);
  expect(message(() => gradcheck(signed, [float64(2)]), ValueError)).toContain('expected the same bits');
  expect(
    message(() => gradcheck((x) => x.slice([0, 1 + (calls++ % 2)]), [float64(2)]), ValueError),
  ).toContain('expected the same bits');
});

test('the same random numbers in each call are one answer', () => {
  const noisy = (x: Tensor): Tensor => x.mul(normal(x.shape, { random: new Random(7), dtype: 'float64' }));
  expect(gradcheck(noisy, [float64(3)]).passed).toBe(true);
});

test('non-finite arguments and results are rejected', () => {
  const infinite = tensor([1, Number.POSITIVE_INFINITY], { dtype: 'float64' });
  expect(message(() => gradcheck((x) => x, [infinite]), ValueError)).toContain(
    'expected finite numbers in inputs[0], got Infinity',
  );
  const zero = tensor([0], { dtype: 'float64' });
  const said = message(() => gradcheck((x) => x.log(), [zero]), ValueError);
  expect(said).toContain('expected finite numbers from the function, got -Infinity');
  expect(said).toContain('detectAnomaly');
});

test('what cannot be differentiated throws an error', () => {
  const indices = tensor([1], { dtype: 'int32' });
  expect(message(() => gradcheck((x) => x, [indices]), ValueError)).toContain(
    'expected at least one float tensor among the inputs, got 1 tensors and no float',
  );
  expect(message(() => gradcheck((x) => x.cast('int32'), [float64(1)]), DtypeError)).toContain('got int32');
  expect(message(() => gradcheck((x, _n) => x, [float64(1), 3]), ValueError)).toContain('got a number at 1');
  expect(message(() => gradcheck(() => 3 as never, [float64(1)]), ValueError)).toContain(
    'expected a tensor from the function, got a number',
  );
  expect(message(() => gradcheck(() => null as never, [float64(1)]), ValueError)).toContain(
    'expected a tensor from the function, got null',
  );
  expect(message(() => gradcheck(() => float64(1), float64(1) as never), ValueError)).toContain(
    'gradcheck(fn, [x, w])',
  );
  expect(message(() => gradcheck(() => float64(1), []), ValueError)).toContain('got 0 tensors and no float');
});

test('a promise throws an error', () => {
  expect(message(() => gradcheck((async (x: Tensor) => x) as never, [float64(1)]), ScopeError)).toContain(
    'promise',
  );
});

test('a plain tensor inside of an object that stays itself throws an error, since it cannot be moved', () => {
  class Scale {
    readonly factor = float64(2);
  }
  expect(
    message(() => gradcheck((s, x) => x.mul(s.factor), [new Scale(), float64(2)]), ValueError),
  ).toContain('expected a Parameter at inputs[0].factor, got a plain tensor inside a Scale');
});

test.each([
  [{ method: 'forward' as never }, `expected 'central' or 'five-point' for method, got "forward"`],
  [{ step: 0 }, 'expected a number above 0 for step, got 0'],
  [{ step: Number.NaN }, 'for step, got NaN'],
  [{ rtol: -1 }, 'for rtol, got -1'],
  [{ atol: Number.NaN }, 'for atol, got NaN'],
  [{ order: 3 as never }, 'expected 1 or 2 for order, got 3'],
  [{ projections: 1 }, 'expected a whole number from 2 on for projections, got 1'],
  [{ fullBelow: -1 }, 'for fullBelow, got -1'],
  [{ seed: 0.5 }, 'expected a whole number as the seed, got 0.5'],
])('the option %j is refused', (options, said) => {
  expect(message(() => gradcheck((x) => x, [float64(1)], options), ValueError)).toContain(said);
});
