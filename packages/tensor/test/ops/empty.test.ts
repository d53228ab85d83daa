import { afterEach, expect, test } from 'vitest';
import { concat, type KernelBuild, linear, type Tensor, useKernels, zeros } from '../../src/index.ts';

afterEach(() => useKernels('strict'));

/** No memory holds so many elements, and no loop ends that counts up to it. */
const LONG = 2 ** 40;
const long = (): Tensor => zeros([1, 0]).expand([LONG, 0]);

const calls: Readonly<Record<string, () => Tensor>> = {
  matmul: () => long().matmul(zeros([0, 0])),
  'matmul, in a batch': () =>
    zeros([1, 1, 0])
      .expand([LONG, 1, 0])
      .matmul(zeros([1, 0, 0])),
  linear: () => linear(long(), zeros([0, 0]), zeros([0])),
  tanh: () => long().transpose().tanh(),
  pad: () =>
    long().pad([
      [0, 0],
      [0, 0],
    ]),
  concat: () => concat([long(), long()], 1),
};

test.each(Object.entries(calls))(
  '%s does not count along an axis that lies beside an empty one',
  (_, call) => {
    for (const build of ['strict', 'reference'] as KernelBuild[]) {
      useKernels(build);
      const y = call();
      expect(y.size).toBe(0);
      expect(y.toTypedArray()).toEqual(new Float32Array(0));
      expect(String(y)).toContain('[] float32 [');
    }
  },
);
