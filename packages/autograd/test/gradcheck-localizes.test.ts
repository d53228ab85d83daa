import { customGradient, gradcheck } from '@chronograd/autograd';
import { normal, Parameter, Random, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { failure } from './gradcheck-failure.ts';

const random = new Random(6);
const float64 = (...shape: number[]): Tensor => normal(shape, { random, dtype: 'float64' });
const gates = ['r', 'z', 'n'];

/** The identity whose backward is wrong at one position. */
const wrongAt = (position: number): ((x: Tensor) => Tensor) =>
  customGradient(
    (x: Tensor) => x,
    (g) => {
      const error = new Float64Array(g.size);
      error[position] = 0.5;
      return [g.mul(tensor(error, { shape: g.shape }).add(1))];
    },
  );

test('a wrong element is named by gate, row and column, whether elements move alone or all at once', () => {
  fc.assert(
    fc.property(fc.nat(), fc.constantFrom(0, 64), (draw, fullBelow) => {
      const [rows, columns] = [2, 3];
      const at = draw % (3 * rows * columns);
      const cell = { weightHh: new Parameter(float64(3 * rows, columns)) };
      const { report } = failure(() =>
        gradcheck((tree) => wrongAt(at)(tree.weightHh).square().sum(), [cell], {
          names: ['cell'],
          blocks: { weightHh: gates },
          fullBelow,
        }),
      );
      const row = Math.floor(at / columns);
      const gate = gates[Math.floor(row / rows)];
      expect(report.entries[0]).toMatchObject({
        input: 'cell.weightHh',
        wrongGates: [gate],
        worst: { place: { step: null, gate, row: row % rows, column: at % columns } },
      });
    }),
    { seed: 1, numRuns: 20 },
  );
});

test('of a sequence the latest wrong time step is named, though earlier ones are wrong by more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), fc.constantFrom(0, 64), (step, fullBelow) => {
      const wrongUpTo = customGradient(
        (x: Tensor) => x,
        (g) => [
          g.mul(
            tensor(
              [0, 1, 2, 3, 4].map((t) => 1 + Math.max(0, step + 1 - t)),
              { shape: [5, 1, 1], dtype: 'float64' },
            ),
          ),
        ],
      );
      const { report, message } = failure(() =>
        gradcheck((x) => wrongUpTo(x).tanh().sum(), [float64(5, 2, 2)], {
          names: ['inputs'],
          steps: ['inputs'],
          fullBelow,
        }),
      );
      expect(report.step).toBe(step);
      expect(report.entries[0]).toMatchObject({ step, steps: 5, worst: { place: { step } } });
      expect(message).toContain(`autograd and differences diverge at step ${step} (inputs)`);
    }),
    { seed: 1, numRuns: 10 },
  );
});

test('the message names the gate in words, and the report prints in Markdown and as data', () => {
  const bias = new Parameter(tensor([1, 2, 3], { dtype: 'float64' }));
  const { message, report } = failure(() =>
    gradcheck(({ bias }) => wrongAt(1)(bias).square().sum(), [{ bias }], {
      names: ['cell'],
      blocks: { bias: gates },
    }),
  );
  expect(message).toMatchInlineSnapshot(`
    "gradcheck: the gradient of the result with respect to cell.bias at gate z, row 0: autograd 6, differences 4, relative error 3.3e-1; 1 of 3 elements failed; wrong gates: z
    hint: usual suspects: a missing term, a transpose, a sum over a broadcast axis, a cast to float32 inside
           input      shape  order  tried       failed  worst at                    autograd  differences  relative  wrong gates
    WRONG  cell.bias  [3]    1      3 elements  1       gate z, row 0 → the result  6         4            3.3e-1    z"
  `);
  expect(`\n${report.toMarkdown()}`).toMatchInlineSnapshot(`
    "
    |  | input | shape | order | tried | failed | worst at | autograd | differences | relative | wrong gates |
    |---|---|---|---|---|---|---|---|---|---|---|
    | WRONG | cell.bias | [3] | 1 | 3 elements | 1 | gate z, row 0 → the result | 6 | 4 | 3.3e-1 | z |"
  `);
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({
    passed: false,
    entries: [{ wrongGates: ['z'] }],
  });
});

test('a check that passes names neither gates nor steps', () => {
  const report = gradcheck((x) => x.tanh(), [float64(3, 3)], {
    names: ['x'],
    steps: ['x'],
    blocks: { x: gates },
  });
  expect(report.step).toBe(null);
  expect(report.entries[0]).toMatchObject({ step: null, steps: 3, wrongGates: [] });
});

test('names for another number of inputs throw an error', () => {
  expect(() => gradcheck((x) => x, [float64(1)], { names: [] })).toThrow(ValueError);
  expect(() => gradcheck((x) => x, [float64(1)], { names: ['x', 'y'] })).toThrow(
    'gradcheck: expected a name for each of 1 inputs, got 2 (x, y)',
  );
});
