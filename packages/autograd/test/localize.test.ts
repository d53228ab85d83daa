import { compareGradients } from '@chronograd/autograd';
import { Random, tensor, ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const gates = ['i', 'f', 'g', 'o'];
const blocks = { weightHh: gates, bias: gates };
const size = fc.integer({ min: 1, max: 4 });

/** Numbers around 1, none near 0. */
const values = (count: number, random: Random): number[] =>
  Array.from({ length: count }, () => (random.uniform() < 0.5 ? -1 : 1) * (0.5 + random.uniform()));

describe('gates', () => {
  test('a wrong element of a gate is named by gate, row in the gate and column, and the other gates are right', () => {
    fc.assert(
      fc.property(size, size, fc.nat(), fc.nat(), (rows, columns, seed, draw) => {
        const auto = values(4 * rows * columns, new Random(seed));
        const at = draw % auto.length;
        const manual = auto.with(at, auto[at]! + 1e-3);
        const shape = [4 * rows, columns];
        const tree = (flat: number[]) => ({
          recurrent: { cell: { weightHh: tensor(flat, { shape, dtype: 'float64' }) } },
        });
        const { worst } = compareGradients(tree(manual), tree(auto), { blocks });
        const row = Math.floor(at / columns);
        const gate = gates[Math.floor(row / rows)];
        expect(worst.place).toEqual({ step: null, gate, row: row % rows, column: at % columns });
        expect(worst.gates.map(({ gate, wrong, size }) => [gate, wrong, size])).toEqual(
          gates.map((each) => [each, each === gate ? 1 : 0, rows * columns]),
        );
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test('gates that have one another’s gradients are said to be swapped, others not', () => {
    const [i, f, g, o] = [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ] as const;
    const hints = (manual: readonly (readonly number[])[], auto: readonly (readonly number[])[]) =>
      compareGradients({ bias: manual.flat() }, { bias: auto.flat() }, { blocks }).worst.hints;
    expect(hints([f, i, g, o], [i, f, g, o])).toEqual([
      "bias: gates i and f are swapped: each has the other's gradient",
    ]);
    expect(hints([f, [0, 0], g, o], [i, f, g, o])).toEqual([]);
    expect(hints([i, f, g, o], [i, f, g, o])).toEqual([]);
    expect(hints([f, f, g, o], [i, f, g, o])).toEqual([]);
  });

  test('the longest path that a parameter ends in names its gates', () => {
    const options = { blocks: { bias: ['a', 'b'], 'layers.1.bias': ['r', 'z'] } };
    const tree = (last: number) => ({ layers: [{ bias: [1, 2] }, { bias: [1, last] }], bias: [1, 2] });
    const { parameters } = compareGradients(tree(2), tree(3), options);
    expect(parameters.map(({ name, gates }) => [name, gates.map(({ gate }) => gate).join('')])).toEqual([
      ['layers.0.bias', 'ab'],
      ['layers.1.bias', 'rz'],
      ['bias', 'ab'],
    ]);
    expect(compareGradients({ mybias: [1] }, { mybias: [1] }, options).worst.gates).toEqual([]);
  });

  test('rows that cannot be divided among the gates throw an error', () => {
    expect(() => compareGradients({ bias: [1, 2, 3] }, { bias: [1, 2, 3] }, { blocks })).toThrow(ValueError);
    expect(() => compareGradients({ bias: [1, 2, 3] }, { bias: [1, 2, 3] }, { blocks })).toThrow(
      'compareGradients: expected a number of rows that 4 blocks (i, f, g, o) divide for bias, got 3',
    );
  });
});

describe('time steps', () => {
  test('walking backward, the first step with a wrong element is named, however wrong earlier steps are', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), size, size, fc.nat(), fc.nat(), (T, B, F, seed, draw) => {
        const auto = values(T * B * F, new Random(seed));
        const at = draw % auto.length;
        const step = Math.floor(at / (B * F));
        // What comes before the wrong step inherits the error, much enlarged.
        const manual = auto.map((x, i) => (i === at ? x + 1e-6 : Math.floor(i / (B * F)) < step ? 9 * x : x));
        const shape = [T, B, F];
        const tree = (flat: number[]) => ({ inputs: tensor(flat, { shape, dtype: 'float64' }) });
        const comparison = compareGradients(tree(manual), tree(auto), { steps: ['inputs'] });
        expect(comparison.step).toBe(step);
        expect(comparison.worst).toMatchObject({
          ok: false,
          step,
          steps: T,
          place: { step, gate: null, row: Math.floor(at / F) % B, column: at % F },
        });
      }),
      { seed: 1, numRuns: 80 },
    );
  });

  test('a gradient that grows on its way back hides no error of the steps where it was small', () => {
    const auto = [1e12, 1e6, 1, 1];
    const { step, passed } = compareGradients(
      { inputs: [1e12, 1e6, 1 + 1e-6, 1] },
      { inputs: auto },
      { steps: ['inputs'] },
    );
    expect([passed, step]).toEqual([false, 2]);
    expect(compareGradients({ inputs: auto }, { inputs: auto }, { steps: ['inputs'] }).passed).toBe(true);
  });

  test('rounding carried back from large steps to small ones is no error', () => {
    const { passed } = compareGradients(
      { inputs: [1e-4 + 1e-15, 1e3] },
      { inputs: [1e-4, 1e3] },
      { steps: ['inputs'], rtol: 1e-12, atol: 0 },
    );
    expect(passed).toBe(true);
  });

  test('of several sequences the latest step counts; trees of them are named by their root', () => {
    const tree = (x: number[], h: number[], c: number[]) => ({ inputs: x, states: { h, c } });
    const comparison = compareGradients(
      tree([1, 2, 3], [9, 2, 3], [1, 9, 3]),
      tree([1, 2, 3], [1, 2, 3], [1, 2, 3]),
      { steps: ['inputs', 'states'] },
    );
    expect(comparison.parameters.map(({ step }) => step)).toEqual([null, 0, 1]);
    expect(comparison.step).toBe(1);
    expect(String(comparison)).toContain(
      'walking back in time, manual and auto diverge at step 1 (states.c); step 2 agrees',
    );
  });

  test('a parameter’s gradients step by step have gates and steps at once', () => {
    const auto = values(3 * 4 * 2, new Random(1));
    const tree = (flat: number[]) => ({
      byStep: { weightHh: tensor(flat, { shape: [3, 4, 2], dtype: 'float64' }) },
    });
    const { worst } = compareGradients(tree(auto.with(8 + 2 * 2 + 1, 7)), tree(auto), {
      blocks,
      steps: ['byStep'],
    });
    expect(worst.place).toEqual({ step: 1, gate: 'g', row: 0, column: 1 });
    expect(worst.gates.filter(({ ok }) => !ok).map(({ gate }) => gate)).toEqual(['g']);
  });
});

test('the report is a table for a terminal, one in Markdown, and plain data', () => {
  const tree = (f: number, late: number) => ({
    bias: [1, f, 3, 4],
    inputs: [[[1, 1]], [[late, 1]], [[1, 1]]],
  });
  const comparison = compareGradients(tree(2.5, 1.5), tree(2, 1), { blocks, steps: ['inputs'] });
  expect(`\n${comparison}`).toMatchInlineSnapshot(`
    "
           parameter  shape      absolute error  relative error  at                       manual  auto  wrong gates
    WRONG  bias       [4]        5.0e-1          1.3e-1          gate f, row 0            2.5     2     f
    WRONG  inputs     [3, 1, 2]  5.0e-1          3.3e-1          step 1, row 0, column 0  1.5     1
    relative to the largest magnitude in each parameter's gradients
    walking back in time, manual and auto diverge at step 1 (inputs); step 2 agrees"
  `);
  expect(`\n${comparison.toMarkdown()}`).toMatchInlineSnapshot(`
    "
    |  | parameter | shape | absolute error | relative error | at | manual | auto | wrong gates |
    |---|---|---|---|---|---|---|---|---|
    | WRONG | bias | [4] | 5.0e-1 | 1.3e-1 | gate f, row 0 | 2.5 | 2 | f |
    | WRONG | inputs | [3, 1, 2] | 5.0e-1 | 3.3e-1 | step 1, row 0, column 0 | 1.5 | 1 |  |

    walking back in time, manual and auto diverge at step 1 (inputs); step 2 agrees"
  `);
  const data = JSON.parse(JSON.stringify(comparison));
  expect(data).toMatchObject({ passed: false, step: 1, parameters: [{ name: 'bias' }, { name: 'inputs' }] });
});
