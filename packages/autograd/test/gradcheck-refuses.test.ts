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

test('float32 is refused by name, with the reason and the cure, in inputs, in modules and in results', () => {
  const reason = 'float64 was expected: differences in float32 hold about five digits at best';
  expect(message(() => gradcheck((x) => x.exp(), [tensor([1])]), DtypeError)).toContain(
    `inputs[0] is float32, ${reason}`,
  );
  const module = { cell: { parameterTree: () => ({ bias: new Parameter(tensor([1])) }) } };
  expect(message(() => gradcheck((_) => float64(1), [module]), DtypeError)).toContain(
    'inputs[0].cell.bias is float32',
  );
  expect(message(() => gradcheck((x) => x.cast('float32'), [float64(2)]), DtypeError)).toContain(
    'the function returned float32',
  );
});

test('a function that gives two answers to one question is refused, with what to do', () => {
  const shared = new Random(0);
  const dropout = (x: Tensor): Tensor => x.mul(normal(x.shape, { random: shared, dtype: 'float64' }));
  const said = message(() => gradcheck(dropout, [float64(2)]), ValueError);
  expect(said).toContain('two answers to one question');
  expect(said).toContain(
    'seed random numbers inside of it (new Random(0) in each call), build modules outside of it',
  );
  let calls = 0;
  const signed = (x: Tensor): Tensor => x.abs().mul(calls++ % 2 === 0 ? 0 : -0);
  expect(message(() => gradcheck(signed, [float64(2)]), ValueError)).toContain('two answers');
  expect(
    message(() => gradcheck((x) => x.slice([0, 1 + (calls++ % 2)]), [float64(2)]), ValueError),
  ).toContain('two answers');
});

test('the same random numbers in each call are one answer', () => {
  const noisy = (x: Tensor): Tensor => x.mul(normal(x.shape, { random: new Random(7), dtype: 'float64' }));
  expect(gradcheck(noisy, [float64(3)]).passed).toBe(true);
});

test('what is not finite is refused, going in and coming out', () => {
  const infinite = tensor([1, Number.POSITIVE_INFINITY], { dtype: 'float64' });
  expect(message(() => gradcheck((x) => x, [infinite]), ValueError)).toContain('inputs[0] holds Infinity');
  const zero = tensor([0], { dtype: 'float64' });
  const said = message(() => gradcheck((x) => x.log(), [zero]), ValueError);
  expect(said).toContain('the function gave -Infinity');
  expect(said).toContain('detectAnomaly');
});

test('what cannot be differentiated is refused', () => {
  const indices = tensor([1], { dtype: 'int32' });
  expect(message(() => gradcheck((x) => x, [indices]), ValueError)).toContain(
    'none of the 1 tensors among the inputs is a float',
  );
  expect(message(() => gradcheck((x) => x.cast('int32'), [float64(1)]), DtypeError)).toContain(
    'returned int32',
  );
  expect(message(() => gradcheck((x, _n) => x, [float64(1), 3]), ValueError)).toContain('got a number at 1');
  expect(message(() => gradcheck(() => 3 as never, [float64(1)]), ValueError)).toContain(
    'the function returned number',
  );
  expect(message(() => gradcheck(() => null as never, [float64(1)]), ValueError)).toContain(
    'the function returned null',
  );
  expect(message(() => gradcheck(() => float64(1), float64(1) as never), ValueError)).toContain(
    'gradcheck(fn, [x, w])',
  );
  expect(message(() => gradcheck(() => float64(1), []), ValueError)).toContain('none of the 0 tensors');
});

test('a promise is refused', () => {
  expect(message(() => gradcheck((async (x: Tensor) => x) as never, [float64(1)]), ScopeError)).toContain(
    'promise',
  );
});

test('a plain tensor inside of an object that stays itself is refused, since it cannot be moved', () => {
  class Scale {
    readonly factor = float64(2);
  }
  expect(
    message(() => gradcheck((s, x) => x.mul(s.factor), [new Scale(), float64(2)]), ValueError),
  ).toContain('expected a Parameter at inputs[0].factor, got a plain tensor inside a Scale');
});

test.each([
  [{ method: 'forward' as never }, `method "forward" came, 'central' or 'five-point' was expected`],
  [{ step: 0 }, 'step 0 came, a number above 0'],
  [{ step: Number.NaN }, 'step NaN came'],
  [{ rtol: -1 }, 'rtol -1 came'],
  [{ atol: Number.NaN }, 'atol NaN came'],
  [{ order: 3 as never }, 'order 3 came, 1 or 2 was expected'],
  [{ projections: 1 }, 'projections 1 came, a whole number from 2 on'],
  [{ fullBelow: -1 }, 'fullBelow -1 came'],
  [{ seed: 0.5 }, 'expected a whole number as the seed, got 0.5'],
])('the option %j is refused', (options, said) => {
  expect(message(() => gradcheck((x) => x, [float64(1)], options), ValueError)).toContain(said);
});
