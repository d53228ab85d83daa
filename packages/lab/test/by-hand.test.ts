/** The grid of a handwritten backward shows which gradients are wrong, at which steps. */
import { describe, expect, test } from 'vitest';
import { type ByHandEvent, byHand, type GridRow, ROUNDING } from '../src/engine/by-hand.ts';
import { compile } from '../src/engine/program.ts';
import { backwards, emptied, joined, mistakes, planted, toggled } from '../src/presets/by-hand.ts';
import { presetOf, presets } from '../src/presets/index.ts';
import { wrongCells } from '../src/presets/wrong.ts';
import { byHandDefaults } from '../src/settings/by-hand.ts';

type Grid = Extract<ByHandEvent, { type: 'grid' }>;
type Law = Extract<ByHandEvent, { type: 'law' }>;

function resultOf(cell: string, backward?: string): { grid: Grid; law: Law } {
  const { code } = backward === undefined ? { code: cell } : joined(cell, backward);
  const [grid, law] = byHand([compile(code)], byHandDefaults) as Iterable<ByHandEvent>;
  return { grid: grid as Grid, law: law as Law };
}

const labelOf = ({ name, gate }: GridRow): string => (gate === null ? name : `${name} ${gate}`);

/** Rows that are wrong at the last step, and at the first. */
const wrongIn = ({ rows }: Grid, step: number): string[] =>
  rows.filter(({ differences }) => !(differences.at(step)! < ROUNDING)).map(labelOf);

/** For each mistake: rows that are wrong at the last step, and before; a part of the cure. */
const ALL = /./;
const NONE = /^$/;
const FOUND: Readonly<
  Record<string, readonly (readonly [string, last: RegExp, before: RegExp, cure: RegExp])[]>
> = {
  rnn: [
    ['Forget the later steps', ALL, ALL, /add what arrives at state from the step after/],
    ['Forget the transpose', NONE, ALL, /a transpose is missing: weightHhᵀ/],
    ['1 − h in place of 1 − h²', ALL, ALL, /derivatives of one step/],
    ['Overwrite sums: = in place of +=', /^weightHh$/, /^weightHh$/, /\+= in place of =/],
    ['Read the state after the step', /^weightHh$/, /^weightHh$/, /derivatives of one step/],
    ['Begin without dState', ALL, ALL, /dState is ignored/],
  ],
  lstm: [
    ['Forget the next c', / [ifg]$|inputs/, ALL, /add what arrives at state.c/],
    ['Forget the next h', ALL, ALL, /add what arrives at state.h/],
    ['Exchange i and f', / [ifg]$|inputs/, ALL, /gates i, f, g, o/],
    ['1 − g in place of 1 − g²', / g$|inputs/, ALL, /gates i, f, g, o/],
    ['Overwrite sums: = in place of +=', /^weightHh/, /^weightHh/, /\+= in place of =/],
    ['Forget the slope of tanh(c)', / [ifg]$|inputs/, ALL, /gates i, f, g, o/],
    ['Read c after the step', / f$|inputs/, ALL, /gates i, f, g, o/],
  ],
  gru: [
    ['Forget the later steps', ALL, ALL, /add what arrives at state from the step after/],
    ['Forget the direct path z ∘ h', NONE, ALL, /the direct path to state/],
    ['1 − n in place of 1 − n²', / [rn]$|inputs/, ALL, /gates r, z, n/],
    ['Forget the reset gate', /^\w+Hh n$/, ALL, /gates r, z, n/],
    ['Exchange r and z', /^\w+Ih [rz]$|inputs/, /^\w+Ih [rz]$|inputs/, /gates r and z are swapped/],
    ['The wrong sign in z', / z$|inputs/, ALL, /wrong sign in gate z/],
    ['Overwrite sums: = in place of +=', /^weightHh/, /^weightHh/, /\+= in place of =/],
  ],
};

for (const id of ['rnn', 'lstm', 'gru'] as const)
  describe(id, () => {
    test('without the body of its walk back it runs, and every gradient is wrong', () => {
      const { grid } = resultOf(presetOf(id).code, emptied(backwards[id]));
      expect(grid.problems).toEqual([]);
      expect(wrongIn(grid, -1)).toEqual(grid.rows.map(labelOf));
    });

    const { code } = presetOf(id);

    test('The prepared backward is right at each parameter, gate and step', () => {
      const { grid, law } = resultOf(code, backwards[id]);
      expect(grid.problems).toEqual([]);
      expect(grid.rows.length).toBe({ rnn: 4, lstm: 13, gru: 13 }[id]);
      for (let step = 0; step < byHandDefaults.steps; step++) expect(wrongIn(grid, step)).toEqual([]);
      expect(law.broken).toBeNull();
    });

    test('The prepared backward has at most 60 lines', () => {
      expect(backwards[id].trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    });

    test('Each mistake has an entry here', () => {
      expect(FOUND[id]!.map(([title]) => title)).toEqual(mistakes[id].map(({ title }) => title));
    });

    test('Mistakes are planted together, and mended in any order', () => {
      const plant = (text: string, list: typeof mistakes.rnn) => list.reduce(toggled, text);
      const all = plant(backwards[id], mistakes[id]);
      expect(mistakes[id].map((mistake) => planted(all, mistake))).toEqual(mistakes[id].map(() => true));
      expect(plant(all, mistakes[id])).toBe(backwards[id]);
      expect(plant(all, mistakes[id].toReversed())).toBe(backwards[id]);
    });

    for (const [title, last, before, cure] of FOUND[id]!)
      test(`The grid shows where it goes wrong: ${title}`, () => {
        const mistake = mistakes[id].find((each) => each.title === title)!;
        expect(backwards[id].split(mistake.right)).toHaveLength(2);
        const text = toggled(backwards[id], mistake);
        expect(planted(text, mistake)).toBe(true);
        expect(toggled(text, mistake)).toBe(backwards[id]);
        const { grid, law } = resultOf(code, text);
        const labels = grid.rows.map(labelOf);
        expect(wrongIn(grid, -1)).toEqual(labels.filter((label) => last.test(label)));
        expect(wrongIn(grid, -2)).toEqual(labels.filter((label) => before.test(label)));
        expect(law.broken!.cure).toMatch(cure);
      });
  });

test.each(presets.filter(({ group }) => group === 'zoo'))(
  'A scaffold fits $title, and all of it is wrong',
  ({ code }) => {
    const { grid, law } = resultOf(code, backwards.own);
    expect(grid.problems).toEqual([]);
    expect(wrongIn(grid, -1).length).toBeGreaterThan(grid.rows.length / 2);
    expect(law.broken!.what).toMatch(/the gradient of cell\.\S+ at .*: by hand 0, autograd/);
  },
);

test('States by hand have rows and steps: Jacobians in the wrong order spare the last two', () => {
  const { code } = wrongCells.find(({ id }) => id === 'jacobian-order')!;
  const { grid } = resultOf(code);
  const labels = grid.rows.map(labelOf);
  expect(labels).toEqual(['weightIh', 'weightHh', 'biasIh', 'biasHh', 'states']);
  for (const step of [-1, -2]) expect(wrongIn(grid, step)).toEqual([]);
  expect(wrongIn(grid, -3)).toEqual(labels);
});

test('Contributions by step are compared as given: a wrong one is wrong at its step alone', () => {
  const byStep = backwards.rnn
    .replace(/return \{ cell: (.*) \};/s, 'return { cell: $1, cellByStep: { bias: dbs } };')
    .replace(
      'const db = bias.map(() => 0);',
      'const db = bias.map(() => 0);\n  const dbs = xs.map(() => bias.map(() => 0));',
    )
    .replace('db[i] += dz[i];', 'db[i] += dz[i];\n        dbs[t][i] += t === 2 ? 0 : dz[i];');
  const { grid } = resultOf(presetOf('rnn').code, byStep);
  for (let step = 0; step < byHandDefaults.steps; step++)
    expect(wrongIn(grid, step)).toEqual(step === 2 ? ['bias'] : []);
});

test('What is missing, unknown or of another size is said, and the rest is compared', () => {
  const text = backwards.rnn.replace(
    /return \{.*\};/,
    'return { cell: { weightIh: [1], weightHH: dWh, bias: db } };',
  );
  const { grid } = resultOf(presetOf('rnn').code, text);
  expect(grid.problems).toEqual([
    'weightIh: expected 6 numbers, got 1',
    'weightHh is missing',
    'the cell has no weightHH',
  ]);
  expect(grid.rows.map(labelOf)).toEqual(['bias']);
});

test('A program without a backward is an error that says what to write', () => {
  expect(() => resultOf(presetOf('rnn').code)).toThrow(/expected an exported function backward/);
});
