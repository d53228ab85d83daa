/** Errors of composed ops: they name the op, what it got, and the cure. */
import { einsum, ones, takeAlong, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';

const [matrix, indices] = [ones([2, 3]), tensor([0, 1], { dtype: 'int32' })];

test.each([
  [() => einsum('ij,jk', matrix), /^einsum: expected letters for 1 operand, got 'ij,jk'/],
  [() => einsum('ii->i', matrix), /^einsum: expected each letter once per operand .* not as in 'ii'/],
  [() => einsum('ij->k', matrix), /^einsum: expected results with letters of the operands, without k/],
  [() => einsum('...j->j', matrix), /^einsum: expected an equation of letters, commas and one ->/],
  [() => einsum('ijk->k', matrix), /^einsum: expected 3 axes for 'ijk' of 'ijk->k', got shape \[2, 3\]/],
  [() => einsum('ij,jk->ik', matrix, matrix), /^einsum: expected one size for j of .*, got 3 and 2/],
  [() => matrix.topk(4), /^topk: expected k from 0 to 3 for axis 1 of \[2, 3\], got 4/],
  [() => matrix.sort(2), /^sort: /],
  [() => matrix.matvec(ones([2])), /^matvec: expected matrices .* got \[2, 3\] and \[2\]/],
  [() => matrix.unstack(0, 3), /^unstack: expected 3 positions along axis 0, got \[2, 3\], which has 2/],
  [() => takeAlong(matrix, indices, 0), /^takeAlong: expected indices of 2 axes for \[2, 3\], got \[2\]/],
  [() => takeAlong(matrix, tensor([[0, 3]], { dtype: 'int32' }), 1), /^takeAlong: .* from 0 to 2, got 3/],
  [() => matrix.lerp(ones([4]), 0.5), /^lerp: /],
  [() => matrix.std(0, false, Number.NaN), /^std: expected a finite number for correction, got NaN/],
])('%s', (act, message) => {
  expect(act).toThrow(message);
});

test('Indices where numbers are expected: the error points to oneHot and Embedding', () => {
  const hint = 'indices need oneHot(x, classes) or an Embedding';
  expect(() => indices.tanh()).toThrow(hint);
  expect(() => ones([2]).add(indices)).toThrow(hint);
  expect(() => ones([2]).add(ones([2], { dtype: 'float64' }))).not.toThrow(hint);
});
