import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { sgdUpdate } from '../../src/engine.ts';
import {
  gather,
  kernelsInUse,
  linear,
  memory,
  normal,
  Parameter,
  Random,
  scope,
  type Tensor,
  tensor,
  useKernels,
} from '../../src/index.ts';
import { bitsOf } from '../compare.ts';

const build = kernelsInUse();
afterEach(() => {
  useKernels(build);
});

const indices = tensor([1, 0, 1], { dtype: 'int32' });

/** All ops that read a matrix in packed form, with weights of shape [4, 3] or parts of them. */
const readers: Readonly<Record<string, (x: Tensor, w: Tensor) => Tensor>> = {
  'matmul by the transpose': (x, w) => x.matmul(w.transpose()),
  linear: (x, w) => linear(x, w),
  'gather of columns': (_, w) => gather(w.transpose(), indices),
  'matmul by part of the transpose': (x, w) => x.matmul(w.slice([1, 3]).transpose()),
  'gates of one weight': (x, w) => x.matmul(w.chunk(2)[1]!.transpose()),
};

interface Step {
  readonly reader: string;
  readonly write: 'assign' | 'sgd' | 'none' | 'refused';
  readonly inside: boolean;
}

const steps = fc.array(
  fc.record({
    reader: fc.constantFrom(...Object.keys(readers)),
    write: fc.constantFrom('assign', 'sgd', 'none', 'refused'),
    inside: fc.boolean(),
  }),
  { minLength: 2, maxLength: 20 },
) as fc.Arbitrary<Step[]>;

test.each(['strict', 'reference'] as const)(
  'A product reads the current weight, never an older packed form (%s kernels)',
  (kernels) => {
    useKernels(kernels);
    fc.assert(
      fc.property(steps, (program) => {
        const random = new Random(1);
        const x = normal([2, 3], { random });
        const w = new Parameter(normal([4, 3], { random }));
        for (const { reader, write, inside } of program) {
          const read = readers[reader]!;
          // A tensor that was made just now has no forms yet.
          const expected = bitsOf(read(x, tensor(w.toTypedArray(), { shape: [4, 3] })));
          const step = () => {
            const before = bitsOf(read(x, w));
            if (write === 'assign') w.assign(normal([4, 3], { random }));
            if (write === 'sgd') sgdUpdate(w, normal([4, 3], { random }), 0.1);
            if (write === 'refused') expect(() => w.assign(x)).toThrow();
            const after = bitsOf(read(x, tensor(w.toTypedArray(), { shape: [4, 3] })));
            expect(bitsOf(read(x, w))).toBe(after);
            return before;
          };
          expect(inside ? scope(step) : step()).toBe(expected);
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  },
);

test('A weight is packed once per version, not once per use', () => {
  const w = new Parameter(
    tensor([
      [1, 2],
      [3, 4],
    ]),
  );
  const x = tensor([[1, 1]]);
  const use = () => x.matmul(w.transpose()).toArray();
  expect(use()).toEqual([[3, 7]]);
  const packed = memory().persistent;
  for (let i = 0; i < 10; i++) {
    w.assign(
      tensor([
        [i, 2],
        [3, 4],
      ]),
    );
    expect(use()).toEqual([[i + 2, 7]]);
  }
  expect(memory().persistent).toEqual(packed);
});

test('Thousands of different parts of one weight keep a few forms, and no more', () => {
  const random = new Random(1);
  const w = new Parameter(normal([40, 40], { random }));
  const x = normal([1, 3], { random });
  const before = memory().persistent.tensors;
  for (let i = 0; i < 2000; i++) {
    const part = w.slice([i % 37, (i % 37) + 3], [(7 * i) % 37, ((7 * i) % 37) + 3]);
    expect(bitsOf(x.matmul(part.transpose()))).toBe(
      bitsOf(x.matmul(part.transpose().reshape([9]).reshape([3, 3]))),
    );
  }
  expect(memory().persistent.tensors - before).toBeLessThanOrEqual(8);
});

test('Packed forms of tensors other than parameters are freed with their scope', () => {
  const w = tensor([
    [1, 2],
    [3, 4],
  ]);
  const x = tensor([[1, 1]]);
  const before = memory().persistent;
  for (let i = 0; i < 50; i++) {
    expect(x.matmul(w.transpose()).toArray()).toEqual([[3, 7]]);
    const result = scope(() => {
      tensor([9, 9, 9, 9]).mul(i);
      const computed = w.mul(2);
      return x.matmul(w.transpose()).add(x.matmul(computed.transpose()));
    });
    expect(result.toArray()).toEqual([[9, 21]]);
  }
  expect(memory().persistent).toEqual(before);
});
