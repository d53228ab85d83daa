/**
 * What a replay could not repeat is rejected while recording, by name and with a cure, without side
 * effects.
 */
import { expect, test } from 'vitest';
import { largestMagnitude } from '../../src/engine.ts';
import {
  bernoulli,
  KernelProfile,
  memory,
  normal,
  ones,
  Parameter,
  PlanError,
  plan,
  Random,
  scope,
  type Tensor,
  tensor,
  useKernels,
  ValueError,
  withProfile,
  zeros,
} from '../../src/index.ts';

const w = new Parameter(ones([2]));
const source = new Random(1);
source.normal(); // leaves a spare one
const outside: { kept: Tensor | null } = { kept: null };

const refused: Readonly<Record<string, readonly [body: (x: Tensor) => Tensor, message: RegExp]>> = {
  'an item that is read': [
    (x) => (x.sum().item() > 0 ? x : x.neg()),
    /made by sum was read.*what the plan returns/,
  ],
  'an array that is read': [(x) => x.mul(x.toTypedArray()[0]!), /a value of a tensor made by plan was read/],
  'a parameter that is read': [
    (x) => x.mul(w.toTypedArray()[0]!),
    /a value of a tensor made by Parameter was read/,
  ],
  'a parameter that is written': [
    (x) => {
      w.assign(x);
      return x;
    },
    /read inside|assign wrote a parameter/,
  ],
  'a parameter that is made': [(x) => new Parameter(x), /read inside|Parameter was made/],
  'a number that is measured': [(x) => x.mul(largestMagnitude(x)), /maxAbs was asked for a number/],
  'a single random number': [(x) => x.mul(source.uniform()), /random number was drawn.*uniform or bernoulli/],
  'a spare normal number': [(x) => x.mul(source.normal()), /random number was drawn/],
  "a random generator's state": [(x) => x.mul(source.state.generator[0]!), /random number was drawn/],
  'a random generator that is made': [
    (x) => x.add(normal([2], { random: new Random(1) })),
    /a Random was made/,
  ],
  'a value of a random tensor': [
    (x) => (bernoulli([], 0.5, { random: source }).item() === 1 ? x : x.neg()),
    /made by bernoulli was read/,
  ],
  'a value that is read, where the function goes on': [
    (x) => {
      try {
        return x.mul(x.sum().item());
      } catch {
        return x;
      }
    },
    /made by sum was read/,
  ],
  'a choice of kernels': [
    (x) => {
      useKernels('reference');
      return x;
    },
    /kernels were chosen/,
  ],
  'a profile': [
    (x) => withProfile(new KernelProfile(() => 0), () => x.neg()),
    /a profile was taken.*around the call/,
  ],
  'a tensor of an outer scope': [
    (x) => x.add(outside.kept!),
    /outside of the planned function.*as an argument/,
  ],
};

for (const [what, [body, message]] of Object.entries(refused)) {
  test(`${what} throws an error, and nothing is left behind`, () => {
    const before = memory();
    const run = (): Tensor =>
      scope(() => {
        outside.kept = ones([2]).add(1);
        return plan(body)(ones([2]));
      });
    expect(run).toThrow(PlanError);
    expect(run).toThrow(message);
    // Of the heap itself only how much is held must be as before: it may have grown.
    const grown = { heapBytes: 0, freeBytes: 0 };
    expect({ ...memory(), ...grown }).toEqual({ ...before, arena: memory().arena, ...grown });
    expect(w.add(1).toArray()).toEqual([2, 2]);
  });
}

test('anything but a function is rejected', () => {
  expect(() => plan(3 as unknown as () => number)).toThrow(ValueError);
});

test('a promise throws an error as in a scope', () => {
  expect(() => plan(async (x: Tensor) => x)(ones([1]))).toThrow(/promise/);
});

class Scale {
  factor = 2;
}

test.each([
  ['a Float32Array', new Float32Array(2)],
  ['a Map', new Map()],
  ['a Set', new Set()],
  ['a Date', new Date()],
  ['a Scale', new Scale()],
  ['a ArrayBuffer', new ArrayBuffer(4)],
  ['a function', () => 2],
])('%s as an argument is refused, since it may change unseen', (name, argument) => {
  const planned = plan((x: Tensor, _: unknown) => x);
  expect(() => planned(ones([1]), [argument])).toThrow(PlanError);
  expect(() => planned(ones([1]), [argument])).toThrow(
    `as arguments, also in arrays and plain objects, got ${name}, whose contents a replay would not look at`,
  );
});

test.each([
  ['an object of a class', () => new Scale(), /as results,.* got a Scale/],
  ['a function', () => () => 2, /as results,.* got a function/],
  ['a map of tensors', (x: Tensor) => new Map([['x', x]]), /as results,.* got a Map/],
])('%s in the result is refused, since a replay would not make another one', (_, make, message) => {
  expect(() => plan((x: Tensor) => [x, make(x)])(ones([1]))).toThrow(PlanError);
  expect(() => plan((x: Tensor) => [x, make(x)])(ones([1]))).toThrow(message);
});

test.each([
  ['an array', (list: unknown[]) => void list.push(1)],
  ['an element', (list: unknown[]) => void list.splice(1, 1, 5)],
])('an argument that the function changes is refused: %s', (_, change) => {
  const planned = plan((list: unknown[]) => {
    change(list);
    return list[0];
  });
  expect(() => planned([ones([1]), 2])).toThrow(/^plan: an argument changed inside.*return the new value/);
});

test('a Random as an argument is drawn from again, and another one is recorded apart', () => {
  const planned = plan((random: Random) => normal([2], { random }));
  const draws = (random: Random) => [0, 1].map(() => planned(random).toArray());
  const [one, two] = [new Random(1), new Random(2)];
  const eager = (random: Random) => [0, 1].map(() => normal([2], { random }).toArray());
  expect([draws(one), draws(two)]).toEqual([eager(new Random(1)), eager(new Random(2))]);
});

test('a check that fails while recording is an error also where the function goes on', () => {
  const planned = plan((indices: Tensor) => {
    try {
      return ones([2, 1]).gather(indices);
    } catch {
      return zeros([1, 1]);
    }
  });
  expect(() => planned(tensor([5], { dtype: 'int32' }))).toThrow(/got 5 at position 0/);
  expect(planned(tensor([1], { dtype: 'int32' })).toArray()).toEqual([[1]]);
});

test('an array that tensor reads inside keeps its length, also where its buffer is resized', () => {
  const buffer = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 64 }]) as ArrayBuffer & {
    resize(bytes: number): void;
  };
  const values = new Float32Array(buffer);
  values.set([1, 2, 3, 4]);
  const total = plan(() => tensor(values).sum());
  expect(total().item()).toBe(10);
  for (const [bytes, count] of [
    [8, 2],
    [32, 8],
  ] as const) {
    buffer.resize(bytes);
    expect(() => total()).toThrow(
      `tensor: expected an array of 4 numbers, as in the recording, got ${count}; pass it as a tensor`,
    );
  }
  buffer.resize(16);
  expect(total().item()).toBe(3);
});
