import { expect, test } from 'vitest';
import { listWithin } from '../../../src/experiments/report/progress.ts';

test('What waits is listed as far as there is room, and no name is cut', () => {
  const names = ['training 2', 'memory 24', 'hidden-states 2'];
  expect(listWithin(38, names)).toBe('training 2, memory 24, hidden-states 2');
  expect(listWithin(37, names)).toBe('training 2, memory 24, …');
  expect(listWithin(24, names)).toBe('training 2, memory 24, …');
  expect(listWithin(23, names)).toBe('training 2, …');
  expect(listWithin(5, names)).toBe('…');
});
