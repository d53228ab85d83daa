import { plan, Random, tensor, ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DataLoader, type Dataset, type LoaderState } from '../../src/data/index.ts';

const seeded = { seed: 1, numRuns: 60 };
/** A data set whose batch is the list of its items. */
const items = (length: number, groups?: number[][]): Dataset<number[]> => ({
  length,
  at: (indices) => [...indices],
  ...(groups && { groups }),
});
const cases = fc.record({
  length: fc.integer({ min: 1, max: 20 }),
  batch: fc.integer({ min: 1, max: 6 }),
  seed: fc.option(fc.nat(99)),
  grouped: fc.boolean(),
  steps: fc.nat(30),
});
type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never;
const loaderOf = ({ length, batch, seed, grouped }: Case, draws = 0) => {
  const random = seed === null ? undefined : new Random(seed);
  const half = Math.floor(length / 2);
  const every = Array.from({ length }, (_, i) => i);
  const data = items(length, grouped ? [every.slice(0, half), every.slice(half)] : undefined);
  const loader = new DataLoader(data, { batch, ...(random && { random }) });
  for (let i = 0; i < draws; i++) random?.bits();
  return loader;
};

test('Every epoch has each item once, in batches of one group, and only the last of a group is smaller', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const loader = loaderOf(each);
      for (const epoch of [1, 2]) {
        const batches = Array.from({ length: loader.length }, (_, i) => {
          const { value, restarted } = loader.next();
          expect([restarted, loader.epoch]).toEqual([i === 0, epoch]);
          return value;
        });
        expect(batches.flat().sort((a, b) => a - b)).toEqual(
          Array.from({ length: each.length }, (_, i) => i),
        );
        expect(batches.filter(({ length }) => length < each.batch).length).toBeLessThanOrEqual(
          each.grouped ? 2 : 1,
        );
        const half = Math.floor(each.length / 2);
        if (each.grouped) for (const b of batches) expect(new Set(b.map((i) => i < half)).size).toBe(1);
        if (each.seed === null)
          expect(batches.flat()).toEqual(Array.from({ length: each.length }, (_, i) => i));
      }
    }),
    seeded,
  );
});

test('A restored loader continues as the uninterrupted one, through JSON, at any step, in any epoch', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const whole = loaderOf(each);
      for (let i = 0; i < each.steps; i++) whole.next();
      const saved = JSON.parse(JSON.stringify(whole.state)) as LoaderState;
      // The new one was made elsewhere: its own shuffle and position are others.
      const resumed = loaderOf({ ...each, seed: each.seed === null ? null : each.seed + 1 });
      resumed.next();
      resumed.restore(saved);
      expect(resumed.state).toEqual(saved);
      for (let i = 0; i < 2 * whole.length + 1; i++) expect(resumed.next()).toEqual(whole.next());
      expect(resumed.state).toEqual(whole.state);
    }),
    seeded,
  );
});

test('The order depends on the seed alone, not on what else is drawn from the same Random', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const [a, b] = [loaderOf(each), loaderOf(each, 5)];
      for (let i = 0; i < 2 * a.length; i++) expect(b.next()).toEqual(a.next());
    }),
    seeded,
  );
});

test('A shuffle gives every order equally often, and each epoch another', () => {
  const loader = new DataLoader(items(3), { batch: 3, random: new Random(1) });
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i++) {
    const order = String(loader.next().value);
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  // A binomial with n 6000, p 1/6 has a standard deviation of 29: within 5 of them.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
});

test('A pass is in the order of the data, can be read twice, and leaves the position', () => {
  const loader = new DataLoader(items(5), { batch: 2, random: new Random(1) });
  loader.next();
  const before = loader.state;
  const pass = loader.pass();
  for (let i = 0; i < 2; i++) expect([...pass]).toEqual([[0, 1], [2, 3], [4]]);
  expect(loader.state).toEqual(before);
  const whole = new DataLoader(items(5), { batch: 2, dropLast: true });
  expect([...whole.pass()]).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

test('A state of other data or options is refused with both', () => {
  const state = new DataLoader(items(5), { batch: 2, random: new Random(1) }).state;
  expect(() => new DataLoader(items(9), { batch: 2, random: new Random(1) }).restore(state)).toThrow(
    'restore: expected the state of a loader of 5 batches, shuffled, got batch 0 of 3, shuffled; restore it with the same data and options',
  );
  const inOrder = new DataLoader(items(5), { batch: 2 });
  expect(() => inOrder.restore(state)).toThrow('of 3 batches, in order, got batch 0 of 3, shuffled');
  expect(() => inOrder.restore({} as never)).toThrow(ValueError);
  expect(() => new DataLoader(items(1), { batch: 2, dropLast: true })).toThrow(
    'DataLoader: expected at least one batch of 2, got 1 items',
  );
});

test('A planned function that reads a batch is refused', () => {
  const loader = new DataLoader(items(5), { batch: 2 });
  expect(() => plan(() => tensor(loader.next().value.length))()).toThrow('a batch was read');
});
