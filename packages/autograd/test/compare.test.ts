import { compareGradients, comparisonTolerance, grad } from '@chronograd/autograd';
import { normal, Parameter, Random, type Tensor, tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const random = new Random(5);
const float64 = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });

describe('what agrees', () => {
  test('gradients that handwritten loops and the tape give as different kinds of arrays are compared as numbers', () => {
    const [w, b] = [float64(2, 3), float64(3)];
    const auto = grad(({ w, b }: { w: Tensor; b: Tensor }) => w.square().sum().add(b.mul(3).sum()))({ w, b });
    const rows = (w.toArray() as number[][]).map((row) => row.map((each) => 2 * each));
    const comparison = compareGradients({ w: rows, b: Float64Array.of(3, 3, 3) }, auto);
    expect(comparison.passed).toBe(true);
    expect(comparison.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ['w', [2, 3]],
      ['b', [3]],
    ]);
    comparison.assert();
  });

  test('a flat typed array takes the shape of the other side', () => {
    const flat = Float64Array.of(1, 2, 3, 4, 5, 6);
    const auto = tensor(
      [
        [1, 2, 3],
        [4, 5, 6.5],
      ],
      { dtype: 'float64' },
    );
    const { parameters } = compareGradients(flat, auto);
    expect(parameters[0]).toMatchObject({
      name: '',
      shape: [2, 3],
      index: [1, 2],
      manual: 6,
      auto: 6.5,
      ok: false,
    });
  });

  test('a flat typed array of another length is of another shape', () => {
    const { parameters } = compareGradients(Float64Array.of(1, 2), tensor([1, 2, 3]));
    expect(parameters[0]!.problem).toBe('manual has 2 numbers, auto shape [3]');
    expect(compareGradients(Float64Array.of(1), Float64Array.of(1, 2)).passed).toBe(false);
  });

  test('rows as typed arrays are a matrix where the other side is a tensor, and a list where it is a list', () => {
    const rows = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
    expect(
      compareGradients(
        rows,
        tensor(
          [
            [1, 2],
            [3, 4],
          ],
          { dtype: 'float64' },
        ),
      ).passed,
    ).toBe(true);
    const list = [1, 3].map((n) => tensor([n, n + 1], { dtype: 'float64' }));
    expect(compareGradients(rows, list).parameters.map(({ name }) => name)).toEqual(['0', '1']);
  });

  test('single tensors, numbers, modules and parameters without elements can be compared', () => {
    expect(compareGradients(3, tensor(3, { dtype: 'float64' })).passed).toBe(true);
    const module = { size: 2, parameterTree: () => ({ w: new Parameter(zeros([2])) }) };
    expect(compareGradients({ w: [0, 0] }, module).passed).toBe(true);
    expect(compareGradients({ w: [] }, { w: zeros([0, 3], { dtype: 'float64' }) }).parameters[0]!.ok).toBe(
      false,
    );
    expect(compareGradients({ w: [[], []] }, { w: zeros([2, 0], { dtype: 'float64' }) }).passed).toBe(true);
  });
});

describe('what differs', () => {
  test('an error is found where it is, with both numbers', () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(size, size, fc.nat(), fc.constantFrom(1e-8, 1e-3, 1, 50), (m, n, where, error) => {
        const right = float64(m, n);
        const values = right.toTypedArray();
        const at = where % values.length;
        const auto = values[at]!;
        values[at] = auto + error;
        const { worst, passed } = compareGradients({ w: values }, { w: right });
        expect(passed).toBe(false);
        expect(worst).toMatchObject({
          name: 'w',
          index: [Math.floor(at / n), at % n],
          manual: auto + error,
          auto,
        });
        expect(worst.absolute).toBeCloseTo(error, 12);
        const largest = Math.max(...[...values, auto].map(Math.abs));
        expect(worst.relative).toBe(worst.absolute / largest);
      }),
      { seed: 1, numRuns: 100 },
    );
  });

  test('errors are relative to the largest gradient of the parameter, so that its small elements need no more digits than they have', () => {
    expect(
      compareGradients({ w: [1e6, 1e-9] }, { w: tensor([1e6, 2e-9], { dtype: 'float64' }) }).passed,
    ).toBe(true);
    expect(
      compareGradients({ w: [1e-3, 1e-9] }, { w: tensor([1e-3, 2e-9], { dtype: 'float64' }) }).passed,
    ).toBe(false);
    // Nor do gradients that are all small get by with fewer.
    expect(compareGradients({ w: [1e-8, 1e-12] }, { w: [1e-8, 2e-12] }).passed).toBe(false);
  });

  test.each(['float64', 'float32'] as const)(
    'the tolerance of %s is that of the table, on either side',
    (dtype) => {
      const { rtol } = comparisonTolerance[dtype];
      const auto = tensor([1, 0.5], { dtype });
      for (const [factor, passes] of [
        [0.9, true],
        [1.1, false],
      ] as const) {
        const near = { w: [1 + rtol * factor, 0.5] };
        expect(compareGradients(near, { w: auto }).passed).toBe(passes);
        expect(compareGradients({ w: auto }, near).passed).toBe(passes);
      }
    },
  );

  test('a tolerance that is given holds instead', () => {
    const [a, b] = [{ w: [1] }, { w: tensor([1.05], { dtype: 'float64' }) }];
    expect(compareGradients(a, b, { rtol: 0.1 }).passed).toBe(true);
    expect(compareGradients(a, b, { atol: 0.1 }).passed).toBe(true);
    expect(compareGradients(a, b, { rtol: 0.01 }).passed).toBe(false);
  });

  test('NaN and infinity never agree, not even with themselves', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const { passed, worst } = compareGradients({ w: [1, bad, 2] }, { w: [1, bad, 2.5] }, { rtol: 10 });
      expect(passed).toBe(false);
      expect(worst.index).toEqual([1]);
      expect(compareGradients({ w: [1, bad] }, { w: [1, 2] }, { rtol: 10 }).passed).toBe(false);
      const overTime = compareGradients({ dx: [1, bad, 2] }, { dx: [1, bad, 2] }, { steps: ['dx'] });
      expect([overTime.passed, overTime.worst.step]).toEqual([false, 1]);
    }
  });

  test('zero gradients agree, and noise beside them is not relative to itself', () => {
    expect(compareGradients({ b: [0, 1e-17] }, { b: [0, 0] }).passed).toBe(true);
    expect(compareGradients({ b: [0, 1e-9] }, { b: [0, 0] }).passed).toBe(false);
  });

  test('what is missing, unexpected or of another shape is reported at once, beside what can be compared', () => {
    const comparison = compareGradients(
      { Whh: [[1]], bh: [1, 2], cell: { by: [1] } },
      { Whh: tensor([[1]]), bh: tensor([[1, 2]]), cell: { h0: tensor([1]) } },
    );
    expect(comparison.parameters.map(({ name, ok, problem }) => [name, ok, problem])).toEqual([
      ['Whh', true, null],
      ['bh', false, 'manual has shape [2], auto shape [1, 2]'],
      ['cell.by', false, 'missing in auto'],
      ['cell.h0', false, 'missing in manual'],
    ]);
    expect(comparison.worst.name).toBe('bh');
  });

  test('of several wrong parameters the worst is the one with the largest relative error', () => {
    const { worst } = compareGradients({ a: [1], b: [1e-6], c: [9] }, { a: [1.1], b: [2e-6], c: [9] });
    expect(worst.name).toBe('b');
  });
});
