import { Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import type { Feature } from '../../../src/experiments/hidden-states/features.ts';
import { agreement, trackedBy } from '../../../src/experiments/hidden-states/tracking.ts';

const T = 4000;
const random = new Random(3);
const noise = (): Float64Array => Float64Array.from({ length: T }, () => random.normal());
const text = Array.from({ length: T }, () => 'abcd'[random.integer(4)]!);
/** On or off over stretches of some 50 characters, whatever is read. */
let on = 0;
const state = Array.from({ length: T }, () => {
  if (random.uniform() < 0.02) on = 1 - on;
  return on;
});
const remembered: Feature = { name: 'state', phrase: 'a state', kind: 'memory', of: () => state };
const plus = (values: ArrayLike<number>, scale: number): Float64Array =>
  noise().map((each, i) => each * scale + values[i]!);
const inSecondHalves = (i: number): boolean => Math.floor(i / 200) % 2 === 1;

test('the unit that goes with a feature is found, with its sign, and confirmed on the other stretches', () => {
  const units = [
    noise(),
    plus(
      state.map((value) => -value),
      0.3,
    ),
    noise(),
  ];
  const [found] = trackedBy(units, text, [remembered]);
  expect(found).toMatchObject({ feature: 'state', unit: 1 });
  expect(found!.chosen).toBeLessThan(-0.8);
  expect(found!.confirmed).toBeLessThan(-0.8);
  expect(agreement(found!)).toBe(-found!.confirmed);
});

test('a unit that goes with a feature where it was chosen alone is not confirmed', () => {
  const by = noise();
  const unit = plus(state, 0.3).map((value, i) => (inSecondHalves(i) ? by[i]! : value));
  const [found] = trackedBy([noise(), unit], text, [remembered]);
  expect(found!.chosen).toBeGreaterThan(0.8);
  expect(Math.abs(found!.confirmed)).toBeLessThan(0.15);
});

test('a unit that turns around on new text does not agree with itself', () => {
  const unit = plus(state, 0.3).map((value, i) => (inSecondHalves(i) ? -value : value));
  const [found] = trackedBy([unit], text, [remembered]);
  expect(Math.abs(found!.confirmed)).toBeGreaterThan(0.8);
  expect(agreement(found!)).toBeLessThan(-0.8);
});

test('an echo of the character just read counts for an echo, and not for memory', () => {
  // Goes with the character alone; the feature does so too, but for a state.
  const isA = text.map((character) => Number(character === 'a'));
  const mixed = isA.map((value, i) => 3 * value + state[i]!);
  const units = [plus(isA, 0.1), plus(state, 1)];
  const found = trackedBy(units, text, [
    { name: 'echo', phrase: '', kind: 'echo', of: () => isA },
    { name: 'mixed', phrase: '', kind: 'memory', of: () => mixed },
  ]);
  expect(found.find(({ feature }) => feature === 'echo')).toMatchObject({ unit: 0 });
  expect(found.find(({ feature }) => feature === 'mixed')).toMatchObject({ unit: 1 });
  expect(agreement(found.find(({ feature }) => feature === 'echo')!)).toBeGreaterThan(0.9);
});

test('chance is what the same search finds where there is nothing to find', () => {
  const units = Array.from({ length: 8 }, noise);
  const [found] = trackedBy([...units, plus(state, 0.3)], text, [remembered]);
  expect(agreement(found!)).toBeGreaterThan(0.8);
  expect(found!.chance).toBeLessThan(0.4);
  expect(found!.chance).toBeGreaterThan(-0.1);
});
