import { expect, test } from 'vitest';
import { nearest } from '../src/nearest.ts';

test('a name with a letter missing, added, replaced or in the wrong case leads to the name that was meant', () => {
  const known = ['moby-dick', 'code', 'numbers', 'simple', 'man'];
  const typed = ['mobydick', 'codes', 'nunbers', 'SIMPLE', 'men'];
  expect(typed.map((name) => nearest(name, known))).toEqual(known);
});

test("a name of the same words leads to ours: PyTorch's names, short forms and initials", () => {
  const known = ['layers', 'biases', 'projectionSize', 'batchFirst', 'paddingIndex', 'affine', 'lr'];
  const typed = ['num_layers', 'bias', 'proj_size', 'batch_first', 'padding_idx', 'elementwise_affine'];
  expect([...typed, 'learning_rate'].map((name) => nearest(name, known))).toEqual(known);
  expect(nearest('learningRate', known)).toBe('lr');
});

test('names with one common word, or one or two common letters, do not resemble each other', () => {
  expect(nearest('hidden_size', ['projectionSize', 'dropout'])).toBeNull();
  expect(nearest('size', ['projectionSize'])).toBeNull();
  expect(nearest('de', ['dtype', 'device'])).toBeNull();
});

test('a name that resembles none leads nowhere', () => {
  expect(nearest('shakespeare', ['moby-dick', 'code'])).toBeNull();
  expect(nearest('', ['code'])).toBeNull();
  expect(nearest('code', [])).toBeNull();
});

test('of two names that are as near, the first is named', () => {
  expect(nearest('cat', ['bat', 'rat'])).toBe('bat');
});
