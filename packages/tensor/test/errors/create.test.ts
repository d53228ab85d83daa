import { expect, test } from 'vitest';
import {
  arange,
  bernoulli,
  eye,
  full,
  normal,
  ones,
  Parameter,
  Random,
  tensor,
  uniform,
  zeros,
} from '../../src/index.ts';
import { messages } from './messages.ts';

test('Errors of creating tensors state the expected value, the given one and the cure', () => {
  expect(
    messages({
      'tensor([[1, 2], [3]])': () => tensor([[1, 2], [3]]),
      'tensor([1, [2]])': () => tensor([1, [2]]),
      "tensor(['1'])": () => tensor(['1' as never]),
      'tensor(new Uint8Array(3))': () => tensor(new Uint8Array(3) as never),
      'tensor(undefined)': () => tensor(undefined as never),
      "tensor([0.5], { dtype: 'int32' })": () => tensor([0.5], { dtype: 'int32' }),
      "tensor([1], { dtype: 'float16' })": () => tensor([1], { dtype: 'float16' as never }),
      'tensor(new Float32Array(5), { shape: [2, 3] })': () => tensor(new Float32Array(5), { shape: [2, 3] }),
      'zeros(3)': () => zeros(3 as never),
      'zeros([2, -1])': () => zeros([2, -1]),
      'ones([2.5])': () => ones([2.5]),
      'full([2], undefined)': () => full([2], undefined as never),
      "full([2], 2 ** 40, { dtype: 'int32' })": () => full([2], 2 ** 40, { dtype: 'int32' }),
      'zeros([1e12])': () => zeros([1e12]),
      'eye(-1)': () => eye(-1),
      'arange(0, 10, { step: 0 })': () => arange(0, 10, { step: 0 }),
      "arange(0, 1, { step: 0.1, dtype: 'int32' })": () => arange(0, 1, { step: 0.1, dtype: 'int32' }),
      'normal([2], {})': () => normal([2], {} as never),
      "uniform([2], { random, dtype: 'int32' })": () =>
        uniform([2], { random: new Random(0), dtype: 'int32' as never }),
      "zeros([2], 'float64')": () => zeros([2], 'float64' as never),
      "tensor([1], 'float64')": () => tensor([1], 'float64' as never),
      'tensor(new Float32Array(6), [2, 3])': () => tensor(new Float32Array(6), [2, 3] as never),
      "full([2], 1, 'float64')": () => full([2], 1, 'float64' as never),
      "eye(2, 'float64')": () => eye(2, 'float64' as never),
      "arange(3, 'float64')": () => arange(3, 'float64' as never),
      'arange(3, null)': () => arange(3, null as never),
      "arange('3')": () => arange('3' as never),
      "arange(0, 3, { step: '1' })": () => arange(0, 3, { step: '1' as never }),
      'arange(NaN)': () => arange(Number.NaN),
      'ones([2], { type: "float64" })': () => ones([2], { type: 'float64' } as never),
      'normal([2])': () => normal([2], undefined as never),
      'normal([2], random)': () => normal([2], new Random(0) as never),
      'normal([2], { random, std: -1 })': () => normal([2], { random: new Random(0), std: -1 }),
      "normal([2], { random, mean: '0' })": () => normal([2], { random: new Random(0), mean: '0' as never }),
      'normal([2], { random, sd: 2 })': () => normal([2], { random: new Random(0), sd: 2 } as never),
      'uniform([2], { random, low: 1, high: 0 })': () =>
        uniform([2], { random: new Random(0), low: 1, high: 0 }),
      'uniform([2], { random, high: NaN })': () => uniform([2], { random: new Random(0), high: Number.NaN }),
      'uniform([2], { random, high: 1e39 })': () => uniform([2], { random: new Random(0), high: 1e39 }),
      'uniform([2], { random, low: 0.7, high: 0.70000001 })': () =>
        uniform([2], { random: new Random(0), low: 0.7, high: 0.70000001 }),
      "bernoulli([2], '0.5', { random })": () => bernoulli([2], '0.5' as never, { random: new Random(0) }),
      'bernoulli([2], 0.5)': () => bernoulli([2], 0.5, undefined as never),
      'new Parameter([1, 2])': () => new Parameter([1, 2] as never),
      "new Random('seed')": () => new Random('seed' as never),
      'Random.fromState({ generator: [1] })': () => Random.fromState({ generator: [1] } as never),
    }).replace(/the heap holds \d+/g, 'the heap holds H'),
  ).toMatchInlineSnapshot(`
    "
    tensor([[1, 2], [3]])
      ShapeError: tensor: expected arrays of one size at depth 1, got ragged arrays of 1 and 2 elements
    tensor([1, [2]])
      ShapeError: tensor: expected only numbers or only arrays at depth 1, got ragged arrays of both
    tensor(['1'])
      ValueError: tensor: expected a number, nested arrays of numbers, or a Float32Array, Float64Array or Int32Array, got "1"
    tensor(new Uint8Array(3))
      ValueError: tensor: expected a number, nested arrays of numbers, or a Float32Array, Float64Array or Int32Array, got a Uint8Array
    tensor(undefined)
      ValueError: tensor: expected a number, nested arrays of numbers, or a Float32Array, Float64Array or Int32Array, got undefined
    tensor([0.5], { dtype: 'int32' })
      ValueError: tensor: expected a whole number of 32 bits for int32, got 0.5
    tensor([1], { dtype: 'float16' })
      DtypeError: tensor: expected dtype 'float32', 'float64' or 'int32', got "float16"
    tensor(new Float32Array(5), { shape: [2, 3] })
      ShapeError: tensor: expected 6 values for shape [2, 3], got 5
    zeros(3)
      ShapeError: zeros: expected an array of numbers for the shape, such as [2, 3], got 3
    zeros([2, -1])
      ShapeError: zeros: expected whole numbers from 0 on as the shape, got [2, -1]
    ones([2.5])
      ShapeError: ones: expected whole numbers from 0 on as the shape, got [2.5]
    full([2], undefined)
      ValueError: full: expected a number for the value, got undefined
    full([2], 2 ** 40, { dtype: 'int32' })
      ValueError: full: expected a whole number of 32 bits for int32, got 1099511627776
    zeros([1e12])
      OutOfMemoryError: out of memory: 4000000000000 bytes asked for, the heap holds H and cannot grow; the engine refuses an array of that size
    eye(-1)
      ShapeError: eye: expected whole numbers from 0 on as the shape, got [-1]
    arange(0, 10, { step: 0 })
      ValueError: arange: expected a step that leads from 0 to 10, got 0
    arange(0, 1, { step: 0.1, dtype: 'int32' })
      ValueError: arange: expected a whole number of 32 bits for int32, got 0.1
    normal([2], {})
      ValueError: normal: expected a source of random numbers for random, got undefined; pass { random: new Random(seed) }
    uniform([2], { random, dtype: 'int32' })
      DtypeError: uniform: expected float32 or float64, got int32; cast first: x.cast('float32')
    zeros([2], 'float64')
      ValueError: zeros: expected an object of options such as { dtype: … }, got "float64"
    tensor([1], 'float64')
      ValueError: tensor: expected an object of options such as { dtype: … }, got "float64"
    tensor(new Float32Array(6), [2, 3])
      ValueError: tensor: unknown option "0"; the options are: dtype, random, shape
    full([2], 1, 'float64')
      ValueError: full: expected an object of options such as { dtype: … }, got "float64"
    eye(2, 'float64')
      ValueError: eye: expected an object of options such as { dtype: … }, got "float64"
    arange(3, 'float64')
      ValueError: arange: expected an object of options such as { dtype: … }, got "float64"
    arange(3, null)
      ValueError: arange: expected an object of options such as { dtype: … }, got null
    arange('3')
      ValueError: arange: expected a finite number for end, got "3"
    arange(0, 3, { step: '1' })
      ValueError: arange: expected a finite number for step, got "1"
    arange(NaN)
      ValueError: arange: expected a finite number for end, got NaN
    ones([2], { type: "float64" })
      ValueError: ones: unknown option "type"; did you mean dtype?
    normal([2])
      ValueError: normal: expected a source of random numbers for random, got undefined; pass { random: new Random(seed) }
    normal([2], random)
      ValueError: normal: expected a source of random numbers for random, got undefined; pass { random: new Random(seed) }
    normal([2], { random, std: -1 })
      ValueError: normal: expected a finite number from 0 on for std, got -1
    normal([2], { random, mean: '0' })
      ValueError: normal: expected a finite number for mean, got "0"
    normal([2], { random, sd: 2 })
      ValueError: normal: unknown option "sd"; did you mean std?
    uniform([2], { random, low: 1, high: 0 })
      ValueError: uniform: expected low < high, a finite distance apart and with a float32 between them, got low 1 and high 0
    uniform([2], { random, high: NaN })
      ValueError: uniform: expected a finite float32 for high, got NaN
    uniform([2], { random, high: 1e39 })
      ValueError: uniform: expected a finite float32 for high, got 1e+39
    uniform([2], { random, low: 0.7, high: 0.70000001 })
      ValueError: uniform: expected low < high, a finite distance apart and with a float32 between them, got low 0.7 and high 0.70000001
    bernoulli([2], '0.5', { random })
      ValueError: bernoulli: expected a number from 0 to 1 for the probability, got "0.5"
    bernoulli([2], 0.5)
      ValueError: bernoulli: expected a source of random numbers for random, got undefined; pass { random: new Random(seed) }
    new Parameter([1, 2])
      ValueError: Parameter: expected a tensor, got an array; make one with tensor(…)
    new Random('seed')
      ValueError: Random: expected a whole number as the seed, got "seed"
    Random.fromState({ generator: [1] })
      ValueError: Random.fromState: expected { generator, spare }, the state of a Random, got an object
    "
  `);
});
