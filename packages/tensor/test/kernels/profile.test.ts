import { expect, test } from 'vitest';
import { inPhase } from '../../src/engine.ts';
import { KernelProfile, kernelsInUse, ones, scope, type Tensor, withProfile } from '../../src/index.ts';

/** A clock that moves on by 1 ms at every look. */
function ticking(): () => number {
  let time = 0;
  return () => time++;
}

const work = (x: Tensor): number =>
  scope(() =>
    inPhase('backward', () => x.matmul(x))
      .add(x)
      .sum()
      .item(),
  );

test('A profile counts every launch under its phase, and its rows add up to the whole.', () => {
  const profile = new KernelProfile(ticking());
  const x = ones([8, 8]);
  for (let step = 0; step < 3; step++) withProfile(profile, () => work(x));
  const rows = new Map(profile.rows.map((row) => [`${row.phase} ${row.kernel}`, row]));
  expect([...rows.keys()]).toEqual(['forward add', 'forward sum', 'backward matmul', 'null between kernels']);
  expect(rows.get('backward matmul')).toMatchObject({
    calls: 3,
    flops: 3 * 2 * 8 ** 3,
    bytes: 3 * 3 * 64 * 4,
  });
  expect(rows.get('forward add')).toMatchObject({
    calls: 3,
    milliseconds: 3,
    flops: 0,
    bytes: 3 * 3 * 64 * 4,
  });
  expect(rows.get('forward sum')).toMatchObject({ calls: 3, bytes: 3 * 65 * 4 });
  const sum = profile.rows.reduce((total, row) => total + row.milliseconds, 0);
  expect(sum).toBe(profile.total);
  // A look before and after each launch, three launches a step, and one at either end.
  expect(profile.total).toBe(3 * 7);
});

test('A profile changes no result, and leaves the kernels as they were, also after a throw.', () => {
  const x = ones([5, 5]).mul(0.1);
  const plain = work(x);
  const build = kernelsInUse();
  const profile = new KernelProfile(ticking());
  expect(withProfile(profile, () => work(x))).toBe(plain);
  expect(() =>
    withProfile(profile, () => {
      throw new Error('midway');
    }),
  ).toThrow('midway');
  expect(kernelsInUse()).toBe(build);
  const { calls } = profile.rows[0]!;
  work(x);
  expect(profile.rows[0]!.calls).toBe(calls);
});

test('An asynchronous function throws an error that explains it, since what runs later would not be measured, and leaves the kernels as they were', async () => {
  const x = ones([5, 5]).mul(0.1);
  const profile = new KernelProfile(ticking());
  let later: Promise<unknown> = Promise.resolve();
  expect(() =>
    withProfile(profile, () => {
      later = Promise.resolve().then(() => work(x));
      return later;
    }),
  ).toThrow(
    'withProfile: expected a function that returns when its work is done, got one that returns a promise',
  );
  await later;
  expect(profile.rows.filter(({ calls }) => calls > 0)).toEqual([]);
});
