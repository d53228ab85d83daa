import { expect, test } from 'vitest';
import { GramTable } from '../../src/char-rnn/gram-table.ts';

test('every gram keeps its number while the table grows, and what was never put in is not found', () => {
  const table = new GramTable();
  const wide = 3000;
  const nodes = Array.from({ length: wide }, (_, character) => table.intern(0, character));
  const deeper = nodes.map((node, character) => table.intern(node, wide - character));
  expect(table.size).toBe(1 + 2 * wide);
  expect(nodes.map((_, character) => table.find(0, character))).toEqual(nodes);
  expect(nodes.map((node, character) => table.intern(node, wide - character))).toEqual(deeper);
  expect(table.size).toBe(1 + 2 * wide);
  expect(table.find(0, wide)).toBe(-1);
  expect(table.find(deeper[0] ?? 0, 0)).toBe(-1);
});
