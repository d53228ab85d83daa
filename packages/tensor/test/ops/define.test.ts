/** How ops run: recorded as primitives, and outside of scopes in a new one. */
import { expect, test } from 'vitest';
import { arange, scope, where } from '../../src/index.ts';
import { arena } from '../../src/memory/arena.ts';
import { withRecorder } from '../../src/recorder.ts';

const x = arange(9).reshape([3, 3]);

test('A recorder receives the primitives of a call, in order, and nothing of what they are made of', () => {
  const names: string[] = [];
  const recorder = { record: (name: string) => void names.push(name), beforeWrite: () => undefined };
  withRecorder(recorder, () => scope(() => void where(x, 2, x.transpose().exp()).add(1).square()));
  expect(names).toEqual(['permute', 'exp', 'where', 'add', 'mul']);
});

test('An op outside of all scopes reads the result of the op before it without copying it in', () => {
  const y = x.add(1);
  const before = arena.bytes;
  y.mul(y);
  expect(arena.bytes - before).toBe(48); // the result's nine numbers, in blocks of 16 bytes
});
