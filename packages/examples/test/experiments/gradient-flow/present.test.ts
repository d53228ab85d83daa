import { expect, test } from 'vitest';
import { earlyAndLate } from '../../../src/experiments/common/flow.ts';
import { lawsOf } from '../../../src/experiments/common/laws.ts';
import { isExponential } from '../../../src/experiments/gradient-flow/criteria.ts';
import { gradientFlow } from '../../../src/experiments/gradient-flow/present.ts';
import type { Config, Outcome } from '../../../src/experiments/gradient-flow/run.ts';

const LENGTHS = [5, 10, 15, 25, 50, 75, 100];

const config = (radius: number, seed: number): Config => ({
  radius,
  hidden: 6,
  init: 'xavier-normal',
  dtype: 'float64',
  corpus: 'moby-dick',
  characters: 2000,
  holdOut: 0,
  lengths: [2, 4, 8],
  batch: 2,
  stretch: 500,
  seed,
});

/** A run in which the gradient at the first step of T is as a law has it. */
function made(radius: number, seed: number, law: (steps: number) => number): unknown {
  const byLength = LENGTHS.map((steps) => [steps, law(steps)] as const);
  const outcome: Outcome = {
    norms: LENGTHS.map((steps) => Array.from({ length: steps }, (_, t) => law(steps - t) / law(1))),
    rate: 0.9,
    r2: 1,
    laws: lawsOf(byLength),
    ...earlyAndLate(byLength),
    sigma: 2,
    bound: 2,
    jacobians: Array.from({ length: 101 }, (_, t) => law(101 - t)),
  };
  return { config: { ...config(radius, seed), lengths: LENGTHS }, outcome, measured: {} };
}

function presented(laws: readonly ((steps: number) => number)[]): ReturnType<typeof gradientFlow.present> {
  return gradientFlow.present(laws.map((law, i) => made(0.9, i + 1, law)) as never);
}

const exponential = (steps: number): number => 0.8 ** steps;
const power = (steps: number): number => steps ** -2;
const bent = (steps: number): number => Math.exp(-(steps ** 0.6));
const hastening = (steps: number): number => Math.exp(-((steps / 20) ** 1.6));
const leaping = (steps: number): number => (steps === 1 || steps % 25 === 5 || steps === 50 ? 1 : 0.3);
const sudden = (steps: number): number => (steps > 90 ? 1e-3 : 0.9999 ** steps);
const flat = (steps: number): number => 0.999 ** steps;

test('a run is that of a network whose recurrent matrix has the radius that was asked for', async () => {
  const outcome = async (radius: number): Promise<Outcome> =>
    (await gradientFlow.run(config(radius, 1))).outcome;
  const [small, large] = [await outcome(0.5), await outcome(1.5)];
  expect(large.sigma / small.sigma).toBeCloseTo(3, 10);
  expect(small.rate).toBeLessThan(large.rate);
  expect(small.rate).toBeLessThan(small.bound);
  expect(small.jacobians).toHaveLength(9);
  expect(small.norms.map((norms) => norms.length)).toEqual([2, 4, 8]);
});

test('with one unit and one sequence the bound is what one step back multiplies by', async () => {
  const { outcome } = await gradientFlow.run({ ...config(0.9, 1), hidden: 1, batch: 1 });
  const { bound, jacobians } = outcome;
  // From h_8 back to h_1.
  expect(bound ** 7 / jacobians[1]!).toBeCloseTo(1, 10);
});

test('all that a part computes is decided by its configuration', async () => {
  const norms = async (change: Partial<Config>): Promise<readonly number[]> =>
    (await gradientFlow.run({ ...config(0.9, 1), ...change })).outcome.norms.at(-1)!;
  const usual = await norms({});
  for (const change of [
    { batch: 3 },
    { init: 'orthogonal' },
    { stretch: 400 },
    { seed: 2 },
    { corpus: 'code' },
  ])
    expect(await norms(change as Partial<Config>)).not.toEqual(usual);
});

test('decay is called exponential where it is, and not where it is a power or bends', () => {
  const verdict = (law: (steps: number) => number): string => {
    const { held, of } = presented([law]).claims![0]!;
    return `${held} of ${of}`;
  };
  expect([exponential, power, bent, hastening].map(verdict)).toEqual([
    '1 of 1',
    '0 of 1',
    '0 of 1',
    '0 of 1',
  ]);
});

test('an exponential must be nearer than a power of T, and need no exponent of T far from 1', () => {
  const verdict = (offs: readonly [number, number], exponent: number): boolean => {
    const [exponential, power] = offs.map((off) => ({ off, r2: 0.99, rate: 0.9, exponent: -1 }));
    return isExponential({ outcome: { laws: { exponential, power, stretched: { exponent } } } } as never);
  };
  expect(verdict([1.1, 1.2], 1)).toBe(true);
  expect(verdict([1.2, 1.1], 1)).toBe(false);
  expect([0.79, 0.8, 1.25, 1.26].map((exponent) => verdict([1.1, 1.2], exponent))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('runs that keep more than half of the gradient are not asked whether they vanish exponentially', () => {
  const { claims } = presented([exponential, flat, power]);
  expect([claims![0]!.held, claims![0]!.of]).toEqual([1, 2]);
  expect(presented([flat]).claims).toEqual([]);
  expect(presented([flat]).findings.join(' ')).toContain('vanishes in no run');
});

test('which way decay bends is read off the runs', () => {
  const words = (...laws: readonly ((steps: number) => number)[]): string =>
    presented(laws).findings.join(' ');
  expect(words(bent, bent, hastening)).toContain('decay slows down with T in 2 of 3 runs.');
  expect(words(bent, hastening, hastening)).toContain('decay speeds up with T in 2 of 3 runs.');
  const { head, rows } = presented([bent, hastening, hastening]).tables![1]!;
  expect(rows[0]![head.indexOf('decay slows down')]).toBe('1 of 3 runs');
});

test('a run that no law describes is not counted, whatever exponent fits it best, and is named', () => {
  const { claims, findings } = presented([exponential, leaping, power]);
  expect([claims![0]!.held, claims![0]!.of]).toEqual([1, 2]);
  const evidence = claims![0]!.evidence.join(' ');
  expect(evidence).toContain('Radius 0.9: 1 of 2 ');
  expect(evidence).toContain('Left out: 1 run at radius 0.9');
  expect(findings.join(' ')).toContain('Not counted: 1 run at radius 0.9, where no law explains half');
  expect(presented([leaping]).claims).toEqual([]);
  expect(presented([leaping]).findings.join(' ')).toContain(
    'Where the gradient vanishes, no law explains half',
  );
  expect(presented([exponential, power]).claims![0]!.evidence.join(' ')).not.toContain('Left out');
});

test('an exponent at an end of those that are tried is given as a bound, in the sentence and in the table', () => {
  const shown = (law: (steps: number) => number): string[] => {
    const { findings, tables } = presented([law]);
    const { head, rows } = tables![1]!;
    return [
      /exponent a is (.+?)\.(?: |$)/.exec(findings.join(' '))![1]!,
      rows[0]![head.indexOf('a of exp(−k·T^a)')]!,
    ];
  };
  expect(shown(power)).toEqual(['≤ 0.1', '≤ 0.1']);
  expect(shown(sudden)).toEqual(['≥ 4', '≥ 4']);
  expect(shown(exponential)).toEqual(['1', '1']);
});
