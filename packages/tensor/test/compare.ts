/** Comparing tensors with the model, and bits with bits. */
import { expect } from 'vitest';
import type { Tensor } from '../src/index.ts';
import { nested, type Plain } from './model.ts';

/** Shape and every number are the same; NaN equals NaN, +0 does not equal −0. */
export function expectSame(x: Tensor, expected: Plain): void {
  expect(x.shape).toEqual(expected.shape);
  expect([...x.toTypedArray()]).toEqual(expected.data);
  expect(x.toArray()).toEqual(nested(expected));
}

/** A tensor's dtype, shape and bytes, as text. */
export function bitsOf(x: Tensor): string {
  const { buffer, byteOffset, byteLength } = x.toTypedArray();
  const bytes = Buffer.from(buffer, byteOffset, byteLength).toString('hex');
  return `${x.dtype} [${x.shape.join(', ')}] ${bytes}`;
}
