/** Long tapes: no recursion, and time and bytes linear in the length. */
import { grad } from '@chronograd/autograd';
import { memory, scope, type Tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { decimals, float64, toTensor } from './rules/plain.ts';

test('100,000 chained ops differentiate without overflow', () => {
  const n = 100_000;
  const f = (x: Tensor): Tensor => {
    let y = x;
    for (let i = 0; i < n; i++) y = i % 2 === 0 ? y.add(x) : y.neg();
    return y;
  };
  // y ← −(y + x), every two ops, from y = x: after an even number of rounds y is x again.
  expect(grad(f)(float64(0.5)).item()).toBe(1);
});

const [B, F] = [2, 8];

/** Something that reads `[T, B, F]` step by step. */
const readers: Readonly<Record<string, (x: Tensor, t: number) => Tensor>> = {
  select: (x, t) => x.select(t),
  slice: (x, t) => x.slice([t, t + 1]),
  'slice to a position': (x, t) => x.slice(t),
};

describe.each(Object.entries(readers))('backward through %s of [T, B, F] step by step', (_name, read) => {
  const inputs = (T: number): Tensor => toTensor({ shape: [T, B, F], values: decimals(T, T * B * F) });
  const loss = (x: Tensor): Tensor => {
    let h = read(x, 0);
    for (let t = 1; t < x.shape[0]!; t++) h = h.mul(0.5).add(read(x, t)).tanh();
    return h.sum();
  };

  /** All bytes of the arena that a gradient takes. */
  const bytesOf = (T: number): number =>
    scope(() => {
      const x = inputs(T);
      const before = memory().arena.bytes;
      grad(loss)(x);
      return memory().arena.bytes - before;
    });

  /**
   * Processor time, since wall time includes other programs. The kernel only estimates its split
   * into user and system.
   */
  const timeOf = (T: number): number => {
    const x = inputs(T);
    const before = process.cpuUsage();
    grad(loss)(x);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };

  test('takes bytes linear in T', () => {
    const bytes = [250, 500, 1000, 2000].map(bytesOf);
    for (let i = 1; i < bytes.length; i++) expect(bytes[i]! / bytes[i - 1]!).toBeLessThan(2.1);
  });

  test('takes time linear in T', () => {
    // The minimum of several, which excludes other programs, garbage collections and compilations.
    const runs = Array.from({ length: 12 }, () => [250, 2000].map(timeOf));
    const [short, long] = [0, 1].map((which) => Math.min(...runs.map((run) => run[which]!)));
    // 8 times as long; what is quadratic would take up to 64 times as much.
    expect(long! / short!).toBeLessThan(20);
  });

  test('gives each step its own gradient', () => {
    const T = 250;
    const x = inputs(T);
    const grads = grad(loss)(x).toTypedArray();
    const values = x.toTypedArray();
    // One element by hand: h ← tanh(h/2 + x), backward 1 − h².
    const lane = 5;
    const at = (t: number): number => values[t * B * F + lane]!;
    const h = [at(0)];
    for (let t = 1; t < T; t++) h.push(Math.tanh(h[t - 1]! / 2 + at(t)));
    let g = 1;
    for (let t = T - 1; t > 0; t--) {
      g *= 1 - h[t]! * h[t]!;
      expect(Math.abs(grads[t * B * F + lane]! - g)).toBeLessThan(1e-14);
      g /= 2;
    }
    expect(Math.abs(grads[lane]! - g)).toBeLessThan(1e-14);
  });
});
