/** The prepared cells: the right ones satisfy every law, and the wrong ones are found. */
import type { LawOutcome } from '@chronograd/nn/testing';
import { expect, test } from 'vitest';
import { compile } from '../src/engine/program.ts';
import { type VerdictEvent, verdict } from '../src/engine/verdict.ts';
import { presets } from '../src/presets/index.ts';
import { wrongCells } from '../src/presets/wrong.ts';
import { verdictDefaults } from '../src/settings/verdict.ts';
import { expectFinding, outcomesIn } from './verdicts.ts';

/** The outcomes of the page's verdict. */
const outcomesOf = (code: string): LawOutcome[] =>
  outcomesIn([...(verdict([compile(code)], verdictDefaults) as Iterable<VerdictEvent>)]);

for (const { title, code } of presets.filter(({ group }) => group !== 'wrong'))
  test(`${title} satisfies every law`, () => {
    const outcomes = outcomesOf(code);
    expect(outcomes.length).toBeGreaterThanOrEqual(12);
    expect(outcomes.flatMap(({ broken }) => broken?.what ?? [])).toEqual([]);
  });

for (const { title, code, finding } of wrongCells)
  test(`The verdict names law, gradient, gate, step and cure: ${title}`, () => {
    expectFinding(outcomesOf(code), finding);
  });

test('Jacobians in the wrong order are right for two steps, and for one unit', () => {
  const { code } = wrongCells.find(({ id }) => id === 'jacobian-order')!;
  const { broken } = outcomesOf(code).find(({ id }) => id === 'backward')!;
  expect(broken!.sizes).toMatchObject({ steps: 3, hiddenSize: 2 });
});

test('Ten cells are wrong, and each names the project where such a mistake was found', () => {
  expect(wrongCells).toHaveLength(10);
  for (const { code } of wrongCells) expect(code).toMatch(/#\d+|before commit [0-9a-f]{7}/);
});

test('Presets have different ids and titles', () => {
  for (const key of ['id', 'title'] as const)
    expect(new Set(presets.map((preset) => preset[key])).size).toBe(presets.length);
});
