import { compareGradients, GradientMismatchError } from '@chronograd/autograd';
import { tensor, ValueError, zeros } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';

test('assert throws with the table, which names each parameter, its errors and where they are', () => {
  const comparison = compareGradients(
    {
      weightHh: [
        [0.5, 2],
        [0.25, 1],
      ],
      bias: [1e-3, 0],
      gone: [1],
    },
    {
      weightHh: tensor([
        [0.5, 2],
        [0.25, 1.5],
      ]),
      bias: tensor([1e-3, 0]),
    },
  );
  expect(() => comparison.assert()).toThrow(GradientMismatchError);
  try {
    comparison.assert();
  } catch (error) {
    expect((error as GradientMismatchError).comparison).toBe(comparison);
    expect((error as Error).message).toMatchInlineSnapshot(`
      "compareGradients: 2 of 3 parameters differ (weightHh, gone)
             parameter  shape   absolute error   relative error  at      manual  auto
      WRONG  weightHh   [2, 2]  5.0e-1           2.5e-1          [1, 1]  1       1.5
      ok     bias       [2]     4.7e-11          4.7e-8          [0]     0.001   0.0010000000475
      WRONG  gone       [1]     missing in auto
      relative to the largest magnitude in each parameter's gradients"
    `);
  }
});

describe('errors', () => {
  const message = (manual: unknown, auto: unknown): string => {
    try {
      compareGradients(manual, auto);
    } catch (error) {
      expect(error).toBeInstanceOf(ValueError);
      return (error as Error).message;
    }
    throw new Error('nothing was thrown');
  };

  test('leaves that are no gradients, ragged arrays, and comparisons of nothing', () => {
    expect(message({ w: 'text' }, { w: [1] })).toContain('at w, got "text"');
    expect(message({ w: [1] }, { w: tensor([1], { dtype: 'int32' }) })).toContain(
      'at w, got an int32 tensor',
    );
    expect(message({ w: [[1, 2], [3]] }, { w: zeros([2, 2]) })).toContain(
      'expected arrays of 2 throughout at depth 1 of w',
    );
    expect(message({ w: [[1], ['x']] }, { w: zeros([2, 1]) })).toContain('at w, got "x"');
    expect(message({}, {})).toContain('expected at least one gradient');
    expect(message(undefined, undefined)).toContain('expected at least one gradient');
  });
});
