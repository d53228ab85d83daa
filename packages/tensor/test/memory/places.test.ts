import { beforeAll, expect, test } from 'vitest';
import { child } from './child.ts';

interface Ran {
  readonly bits: Readonly<Record<string, string>>;
  readonly chosen: string;
  readonly webAssembly: string;
  /** Of a block handed out at the end. */
  readonly address: number;
}

const GIB = 2 ** 30;
const run = (flags: readonly string[], ...args: string[]) => child('run-program.mjs', flags, args) as Ran;

let strict: Ran;
beforeAll(() => {
  strict = run([], 'strict');
});

test('The program runs on strict kernels in a heap of a few megabytes, as a rule', () => {
  expect(strict.chosen).toBe('strict');
  expect(Object.keys(strict.bits).length).toBeGreaterThan(100);
  expect(strict.address).toBeLessThan(2 ** 24);
});

test('Without WebAssembly the reference kernels take over, and every bit is the same', () => {
  const { bits, chosen, webAssembly } = run(['--jitless']);
  expect([webAssembly, chosen]).toEqual(['undefined', 'reference']);
  expect(bits).toEqual(strict.bits);
});

test.each(['strict', 'reference'])(
  'Above 2 GiB, where addresses have their highest bit set, every bit is the same (%s)',
  (build) => {
    const { bits, address } = run([], build, String(Math.floor(2.2 * GIB)));
    expect(address).toBeGreaterThanOrEqual(Math.floor(2.2 * GIB));
    expect(bits).toEqual(strict.bits);
  },
);

test.each(['strict', 'reference'])('Tensors that lie across 2 GiB are read whole (%s)', (build) => {
  const { bits, address } = run([], build, String(2 * GIB - 4096));
  expect(address).toBeGreaterThan(2 * GIB - 4096);
  expect(bits).toEqual(strict.bits);
});
