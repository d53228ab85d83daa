import { customGradient, grad } from '@chronograd/autograd';
import {
  DtypeError,
  memory,
  normal,
  Random,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
} from '@chronograd/tensor';
import { runtime } from '@chronograd/tensor/engine';
import { describe, expect, test } from 'vitest';

const random = new Random(6);
const float64 = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });

/** x³ with its derivative written by hand. */
const cube = customGradient(
  (x: Tensor) => x.mul(x).mul(x),
  (g, _, x) => [g.mul(x.square()).mul(3)],
  'cube',
);

describe('mistakes are named', () => {
  const message = (
    backward: () => unknown,
    type: typeof ShapeError | typeof ValueError | typeof DtypeError,
  ): string => {
    const fn = customGradient((a: Tensor, b: Tensor) => a.add(b), backward as never, 'mySum');
    try {
      grad(([a, b]: [Tensor, Tensor]) => fn(a, b).sum())([float64(2), float64(2)]);
    } catch (error) {
      expect(error).toBeInstanceOf(type);
      return (error as Error).message;
    }
    throw new Error('nothing was thrown');
  };

  test('too few cotangents, or something that is no list', () => {
    expect(message(() => [float64(2)], ShapeError)).toBe(
      'mySum: expected 2 cotangents from its backward, one for each input or null, got 1',
    );
    expect(message(() => float64(2), ShapeError)).toContain('one for each input or null, got a Tensor');
    expect(message(() => undefined, ShapeError)).toContain('one for each input or null, got undefined');
  });

  test('a cotangent of another shape, of another dtype, or that is no tensor', () => {
    expect(message(() => [null, float64(1, 2)], ShapeError)).toBe(
      'mySum: expected shape [2] from its backward for input 1, got [1, 2]',
    );
    expect(message(() => [tensor([1, 2]), null], DtypeError)).toContain(
      'mySum: expected float64 from its backward for input 0, got float32',
    );
    expect(message(() => [3, null], ValueError)).toContain(
      'mySum: expected a tensor or null from its backward for input 0, got a number',
    );
    expect(message(() => [undefined, null], ValueError)).toContain(
      'mySum: expected a tensor or null from its backward for input 0, got undefined',
    );
  });

  test('a forward that returns no tensor, and an argument that is not a tensor', () => {
    const none = customGradient(
      (_: Tensor) => 3 as never,
      () => [null],
      'none',
    );
    expect(() => none(float64(1))).toThrow(
      new ValueError('none: expected a tensor from its forward, got a number'),
    );
    expect(() => cube(3 as never)).toThrow(/^cube: /);
  });

  test('a throw in the backward, or in the forward, leaves everything as it was', () => {
    const x = float64(3);
    const throwing = customGradient(
      (x: Tensor) => x.mul(2),
      () => {
        throw new RangeError('mine');
      },
    );
    const thrown = customGradient(
      (_: Tensor): Tensor => {
        throw new RangeError('mine');
      },
      () => [null],
    );
    const right = (): unknown => grad((x: Tensor) => cube(x).sum())(x).toArray();
    const before = right();
    const held = memory();
    for (const fn of [throwing, thrown]) {
      expect(() => grad((x: Tensor) => fn(x).sum())(x)).toThrow(new RangeError('mine'));
      expect(runtime.recording).toBe(false);
      expect(memory().persistent).toEqual(held.persistent);
      expect(right()).toEqual(before);
    }
  });
});
