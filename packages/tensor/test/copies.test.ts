import { expect, test, vi } from 'vitest';
import * as one from '../src/index.ts';

test('A tensor of another loaded copy of the package throws an error that names it, wherever it goes in', async () => {
  vi.resetModules();
  const other = await import('../src/index.ts');
  expect(other.Tensor).not.toBe(one.Tensor);

  const mine = one.zeros([2, 2]);
  const foreign = other.zeros([2, 2]) as unknown as one.Tensor;
  const indices = other.zeros([2], { dtype: 'int32' }) as unknown as one.Tensor;
  const acts: (() => unknown)[] = [
    () => mine.add(foreign),
    () => one.mul(foreign, 2),
    () => one.exp(foreign),
    () => mine.matmul(foreign),
    () => one.linear(mine, foreign),
    () => one.linear(mine, mine, foreign),
    () => one.where(foreign, 1, mine),
    () => one.where(mine, foreign, mine),
    () => one.concat([mine, foreign]),
    () => one.stack([mine, foreign]),
    () => one.gather(mine, indices),
    () => one.sum(foreign),
    () => one.argmax(foreign),
    () => one.reshape(foreign, [4]),
    () => one.transpose(foreign),
    () => one.slice(foreign, 0),
    () => one.softmax(foreign),
    () => one.softmaxCrossEntropy(mine, indices),
    () => new one.Parameter(foreign),
    () => new one.Parameter(mine).assign(foreign),
  ];
  for (const act of acts) {
    expect(act).toThrow(one.ValueError);
    expect(act).toThrow('expected a tensor, got a tensor of another loaded copy of @chronograd/tensor');
  }
});
