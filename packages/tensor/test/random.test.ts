import { expect, test } from 'vitest';
import { Random, ValueError } from '../src/index.ts';

const draw = <T>(count: number, next: () => T): T[] => Array.from({ length: count }, next);

test('A seed gives the same bits on every engine: these', () => {
  const random = new Random(42);
  expect(draw(6, () => random.bits())).toMatchInlineSnapshot(`
    [
      357965521,
      3734907259,
      2479340516,
      1115330528,
      3782199483,
      1073186329,
    ]
  `);
  expect(draw(4, () => random.uniform())).toMatchInlineSnapshot(`
    [
      0.6020539334653507,
      0.2582439409587499,
      0.1256913866672179,
      0.1191246225539937,
    ]
  `);
  expect(draw(4, () => random.normal())).toMatchInlineSnapshot(`
    [
      0.7555510280402828,
      1.365218530544667,
      1.1406561948014307,
      -1.100827966349613,
    ]
  `);
  const large = new Random(-(2 ** 52) - 1);
  expect(draw(2, () => large.bits())).toMatchInlineSnapshot(`
    [
      1375615658,
      601508716,
    ]
  `);
});

test('The bits are the lower halves of xoroshiro128+ (Blackman and Vigna, 2018) from the same state', () => {
  const random = new Random(42);
  const [high0, low0, high1, low1] = random.state.generator.map((word) => BigInt(word >>> 0));
  let [s0, s1] = [(high0! << 32n) | low0!, (high1! << 32n) | low1!];
  const cut = (x: bigint) => BigInt.asUintN(64, x);
  const turn = (x: bigint, by: bigint) => cut(x << by) | (x >> (64n - by));
  const next = () => {
    const sum = cut(s0 + s1);
    s1 ^= s0;
    s0 = turn(s0, 24n) ^ s1 ^ cut(s1 << 16n);
    s1 = turn(s1, 37n);
    return Number(sum & 0xffffffffn);
  };
  expect(draw(1000, () => random.bits())).toEqual(draw(1000, next));
});

test('A saved state goes on with the same numbers, also between the two normals of a pair', () => {
  for (const before of [0, 1, 2, 5]) {
    const random = new Random(3);
    draw(before, () => random.normal());
    const saved: unknown = JSON.parse(JSON.stringify(random.state));
    const rest = draw(9, () => [random.normal(), random.uniform(), random.bits(), random.integer(7)]);
    const again = Random.fromState(saved as Random['state']);
    expect(draw(9, () => [again.normal(), again.uniform(), again.bits(), again.integer(7)])).toEqual(rest);
    // Assigned, it is restored in place, whatever was drawn before.
    random.normal();
    random.state = saved as Random['state'];
    expect(draw(9, () => [random.normal(), random.uniform(), random.bits(), random.integer(7)])).toEqual(
      rest,
    );
  }
});

test('Reading the state changes nothing, and a state is not changed by what is drawn later', () => {
  const [random, other] = [new Random(1), new Random(1)];
  const { state } = random;
  const copy = structuredClone(state);
  draw(5, () => random.normal());
  draw(5, () => other.normal());
  expect(state).toEqual(copy);
  expect(random.state).toEqual(other.state);
});

test('The first numbers of neighboring seeds are spread like any others', () => {
  const seeds = draw(
    2000,
    (
      (next) => () =>
        next++
    )(-1000),
  );
  const firstUniforms = seeds.map((seed) => new Random(seed).uniform());
  const firstNormals = seeds.map((seed) => new Random(seed).normal());
  expectUniform(firstUniforms);
  expectNormal(firstNormals);
  expect(new Set(firstUniforms).size).toBe(seeds.length);
});

test('Seeds that differ only above 32 bits, or only in sign, give different numbers', () => {
  const seeds = [1, -1, 1 + 2 ** 32, 1 + 2 ** 33, 1 - 2 ** 32, 0, 2 ** 32, 2 ** 53 - 1, 1 - 2 ** 53];
  expect(new Set(seeds.map((seed) => new Random(seed).uniform())).size).toBe(seeds.length);
});

test('Uniform numbers fill 0 ≤ x < 1 evenly', () => {
  const random = new Random(5);
  const values = draw(20_000, () => random.uniform());
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  expectUniform(values);
});

test('Normal numbers have mean 0, deviation 1, and the tails of a normal distribution', () => {
  const random = new Random(6);
  expectNormal(draw(20_000, () => random.normal()));
});

test('Whole numbers below a bound are all there, about equally often', () => {
  const random = new Random(8);
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 7000; i++) counts[random.integer(7)]!++;
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
});

test('Streams of different seeds share no number in 10,000', () => {
  const streams = [0, 1, 2, 3].map((seed) => {
    const random = new Random(seed);
    return draw(10_000, () => random.uniform());
  });
  expect(new Set(streams.flat()).size).toBe(40_000);
});

test('Invalid seeds, bounds and states are rejected', () => {
  for (const seed of [0.5, Number.NaN, 2 ** 53, '1' as never])
    expect(() => new Random(seed)).toThrow(ValueError);
  const random = new Random(0);
  for (const below of [0, -1, 1.5, Number.NaN]) expect(() => random.integer(below)).toThrow(ValueError);
  const states = [
    null,
    {},
    { generator: [1, 2, 3], spare: null },
    { generator: [0, 0, 0, 0], spare: null },
    { generator: [1, 2, 3, 0.5], spare: null },
    { generator: [1, 2, 3, 4], spare: Number.NaN },
    { generator: [1, 2, 3, 4] },
  ];
  const before = random.state;
  for (const state of states) {
    expect(() => Random.fromState(state as never)).toThrow(ValueError);
    expect(() => Object.assign(random, { state })).toThrow(
      'Random.state: expected { generator, spare }, the state of a Random, got ',
    );
  }
  expect(random.state).toEqual(before);
});

/** Five standard errors: what a right generator misses once in two million tries. */
function expectUniform(values: readonly number[]): void {
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
  const tenths = new Array<number>(10).fill(0);
  for (const x of values) tenths[Math.floor(10 * x)]!++;
  for (const count of tenths) expect(Math.abs(count - n / 10)).toBeLessThan(5 * Math.sqrt(n * 0.09));
}

function expectNormal(values: readonly number[]): void {
  const n = values.length;
  const moment = (power: number) => values.reduce((sum, x) => sum + x ** power, 0) / n;
  expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  const beyondTwo = values.filter((x) => Math.abs(x) > 2).length / n;
  expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(5 * Math.sqrt(0.0455 / n));
}
