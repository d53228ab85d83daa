import { expect, test } from 'vitest';
import { type ByHandEvent, byHand, type GridRow, ROUNDING } from '../src/engine/by-hand.ts';
import { type ConnectivityEvent, connectivity } from '../src/engine/connectivity.ts';
import { type OneStepEvent, oneStep } from '../src/engine/one-step.ts';
import { compile, type Program } from '../src/engine/program.ts';
import { type ReachEvent, throughTime } from '../src/engine/through-time.ts';
import { type TrainEvent, train } from '../src/engine/train.ts';
import { type VerdictEvent, verdict } from '../src/engine/verdict.ts';
import { findings } from '../src/findings.ts';
import { namesOf } from '../src/panels/one-step/names.ts';
import { joined } from '../src/presets/by-hand.ts';
import type { ThroughTimeSettings } from '../src/settings/through-time.ts';
import { decodeLink, encodeLink } from '../src/shell/link.ts';
import { initialState, type LabState } from '../src/shell/state.ts';
import { builtInText } from '../src/shell/texts.ts';
import { outcomesIn } from './verdicts.ts';

/** Proofs by the finding's id: each computes what the page shows, and what the sentence says. */
const proofs: Readonly<
  Record<string, (state: LabState, programs: readonly Program[]) => void | Promise<void>>
> = {
  radius(state, programs) {
    for (const radius of [0.8, 0.9, 1, 1.1, 1.2]) {
      const [{ norms }] = reach(programs, { ...state.throughTime, radius });
      expect((norms[60]! / norms[30]!) ** (1 / 30)).toBeCloseTo(radius, 2);
    }
  },
  'forget-bias'(state, programs) {
    const [{ norms }] = reach(programs, state.throughTime);
    const [before] = reach(programs, { ...state.throughTime, forgetBias: 0 });
    expect(norms[100]).toBeGreaterThan(0.01);
    expect(before.norms[100]).toBeLessThan(1e-13);
  },
  saturation(state, programs) {
    const [{ norms }] = reach(programs, state.throughTime);
    const [without] = reach(programs, { ...state.throughTime, inputs: 0 });
    expect(norms[60]).toBeLessThan(0.1);
    expect(without.norms[60]).toBeGreaterThan(1e10);
  },
  bound(state, programs) {
    const [{ norms, bound }] = reach(programs, state.throughTime);
    expect(norms.every((norm, k) => norm <= bound![k]! * (1 + 1e-12))).toBe(true);
    expect(bound![60]! / norms[60]!).toBeGreaterThan(1e17);
  },
  antisymmetric(state, programs) {
    const [{ norms }, gru] = reach(programs, state.throughTime);
    expect(Math.min(...norms)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...norms)).toBeLessThan(20);
    expect(gru!.norms[60]).toBeLessThan(1e-6);
  },
  async reach(state, programs) {
    const settings = { ...state.connectivity, text: await builtInText() };
    const dependence: number[] = [];
    for await (const event of connectivity(programs, settings) as AsyncIterable<ConnectivityEvent>) {
      if (event.type !== 'connectivity') continue;
      const shares = event.rows.slice(40).map((row, i) => row[i]! / Math.max(...row));
      dependence.push(shares.sort((a, b) => a - b)[shares.length >> 1]!);
    }
    expect(dependence[0]! / dependence[1]!).toBeGreaterThan(100);
  },
  'first-step'(state, programs) {
    const events = stepsOf(programs, state);
    const partAt = (step: number) =>
      events[step - 1]!.leaves.find(({ name }) => name === 'weightHh')!.part!.map(Math.abs);
    expect(state.oneStep.shown).toBe(1);
    expect(Math.max(...partAt(1))).toBe(0);
    expect(Math.max(...partAt(2))).toBeGreaterThan(0);
  },
  'one-product'(state, programs) {
    const { rows, values, leaves, states } = stepsOf(programs, state)[state.oneStep.shown - 1]!;
    const before = leaves.find(({ name }) => name === 'c')!.id;
    const after = states.find(({ name }) => name === 'c')!.id;
    const readers = rows.filter(({ inputs }) => inputs.includes(before));
    expect(readers.map(({ op }) => op)).toEqual(['mul']);
    const [forget] = readers[0]!.inputs.filter((id) => id !== before);
    const names = namesOf(stepsOf(programs, state)[state.oneStep.shown - 1]!, programs[0]!.code);
    expect(names[forget!]).toBe('f');
    const wanted = values[after]!.gradient!.map((g, i) => g * values[forget!]!.values[i]!);
    for (const [i, g] of values[before]!.gradient!.entries()) expect(g).toBeCloseTo(wanted[i]!, 14);
    // The page shows this row in the backward pass.
    expect(2 * rows.length - 1 - state.oneStep.position).toBe(rows.indexOf(readers[0]!));
  },
  'left-the-graph'(state, programs) {
    for (const { leaves, values } of stepsOf(programs, state)) {
      const given = leaves.filter(({ id }) => values[id]!.gradient !== null).map(({ name }) => name);
      expect(given).toEqual(['c']);
    }
  },
  async adding(state, programs) {
    const scores: number[] = [];
    let mean = 0;
    for await (const event of train(programs, state.train) as AsyncIterable<TrainEvent>) {
      if (event.type === 'start') mean = event.baselines[0]!.score;
      if (event.type === 'measure' && event.step === 500) scores.push(event.heldOut);
    }
    const [gru, rnn] = scores;
    expect(gru).toBeLessThan(mean / 50);
    expect(rnn).toBeGreaterThan(mean * 0.8);
  },
  'drops-dc'(state, [program]) {
    expect(brokenIn(state, program!)?.cure).toContain('add what arrives at state.c from the step after');
  },
  'two-steps'(state, [program]) {
    expect(brokenIn(state, program!)?.sizes).toMatchObject({ steps: 3, hiddenSize: 2 });
  },
  transpose(state) {
    const rows = gridOf(state);
    expect(wrongAt(rows, -1)).toEqual([]);
    for (let step = 0; step < state.byHand.steps - 1; step++) expect(wrongAt(rows, step)).toEqual(rows);
  },
  'reset-gate'(state) {
    const rows = gridOf(state);
    const last = wrongAt(rows, -1).map(({ name, gate }) => `${name} ${gate}`);
    expect(last).toEqual(['weightHh n', 'biasHh n']);
    for (let step = 0; step < state.byHand.steps - 1; step++) expect(wrongAt(rows, step)).toEqual(rows);
  },
};

test.each(findings)('$id: $sentence', async ({ id, state }) => {
  const whole = { ...initialState, ...state };
  await proofs[id]!(
    whole,
    whole.cells.map(({ code }) => compile(code)),
  );
});

test('every finding has its own id and a link that leads to its state', () => {
  expect(new Set(findings.map(({ id }) => id)).size).toBe(findings.length);
  for (const { state } of findings) {
    const whole = { ...initialState, ...state };
    expect(decodeLink(encodeLink(whole))).toEqual(whole);
  }
});

const reach = (programs: readonly Program[], settings: ThroughTimeSettings): [ReachEvent, ...ReachEvent[]] =>
  [...(throughTime(programs, settings) as Iterable<ReachEvent>)] as [ReachEvent, ...ReachEvent[]];

const stepsOf = (programs: readonly Program[], { oneStep: settings }: LabState): OneStepEvent[] => [
  ...(oneStep(programs, settings) as Iterable<OneStepEvent>),
];

/** The first broken law of the page's verdict. */
const brokenIn = ({ verdict: settings }: LabState, program: Program) =>
  outcomesIn([...(verdict([program], settings) as Iterable<VerdictEvent>)]).find(
    ({ broken }) => broken !== null,
  )?.broken;

function gridOf({ cells, byHand: settings }: LabState): readonly GridRow[] {
  const program = compile(joined(cells[0]!.code, settings.code).code);
  const [grid] = byHand([program], settings) as Iterable<ByHandEvent>;
  if (grid?.type !== 'grid') throw new Error('expected the grid first');
  return grid.rows;
}

const wrongAt = (rows: readonly GridRow[], step: number): GridRow[] =>
  rows.filter(({ differences }) => !(differences.at(step)! < ROUNDING));
