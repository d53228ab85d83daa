import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { calls } from '../../../scripts/fuzz/calls.ts';
import { fuzz } from '../../../scripts/fuzz/fuzz.ts';
import * as ops from '../../tensor/src/ops/index.ts';

const root = new URL('../../../', import.meta.url);

test('1500 random calls damage no memory, throw only typed errors, and give correct results', () => {
  const { findings, programs, refused } = fuzz({ seed: 7, first: 0, calls: 1500 });
  expect(findings).toEqual([]);
  expect(programs).toBeGreaterThan(300);
  expect(refused).toBeGreaterThan(300); // bad arguments are among them
});

test('The fuzzer calls every op', () => {
  const called = new Set(calls.map(({ name }) => name));
  expect(Object.keys(ops).filter((name) => !called.has(name))).toEqual([]);
});

interface Planted {
  readonly guard: string;
  readonly changes: readonly { readonly file: string; readonly text: string }[];
}

test('each guard that fuzz --planted takes out is in the sources', async () => {
  const { planted } = (await import(String(new URL('scripts/fuzz/planted.mjs', root)))) as {
    planted: readonly Planted[];
  };
  for (const { guard, changes } of planted) {
    for (const { file, text } of changes) {
      const found = readFileSync(new URL(file, root), 'utf8').split(text).length - 1;
      expect(found, `${guard}: ${text}`).toBe(1);
    }
  }
});
