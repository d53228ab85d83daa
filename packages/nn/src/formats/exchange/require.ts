/** Arguments of readers and writers: bytes, arrays by name, limits. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, quoted } from '@chronograd/tensor/engine';
import type { Refusal } from './elements.ts';

/**
 * What came as a file's bytes; a Buffer is a Uint8Array too.
 * @throws the refusal for anything else, an ArrayBuffer included: it would look like a file of no bytes
 */
export function requireBytes(bytes: Uint8Array, refuse: Refusal): Uint8Array {
  // By name and not by instanceof: a worker or a frame may have made it.
  const came: string = Object.prototype.toString.call(bytes).slice(8, -1);
  if (came === 'Uint8Array' && isAttached(bytes)) return bytes;
  if (came === 'Uint8Array')
    throw refuse('expected a Uint8Array with the bytes of a file, got one whose buffer was transferred');
  const cure = came === 'ArrayBuffer' ? ': new Uint8Array(buffer) makes one' : '';
  throw refuse(`${came} came, a Uint8Array with the bytes of a file was expected${cure}`);
}

/** Whether an array still has its buffer: one that was transferred looks empty. */
function isAttached(bytes: Uint8Array): boolean {
  try {
    return bytes.length > 0 || new Uint8Array(bytes.buffer).length >= 0;
  } catch {
    return false;
  }
}

/**
 * What came as a Map from names to arrays.
 * @throws the refusal for anything else, and for an entry that is no object
 */
export function requireArrays<A extends object>(
  arrays: ReadonlyMap<string, A>,
  refuse: Refusal,
): ReadonlyMap<string, A> {
  const expected = 'a Map from names to arrays, as stateDict(model) is, was expected';
  if (!(arrays instanceof Map)) throw refuse(`${describeValue(arrays)} came, ${expected}`);
  for (const [name, array] of arrays as ReadonlyMap<unknown, unknown>) {
    if (typeof name !== 'string') throw refuse(`${describeValue(name)} came for a name, ${expected}`);
    if (typeof array !== 'object' || array === null)
      throw refuse(`${describeValue(array)} came for ${quoted(name)}, ${expected}`);
  }
  return arrays;
}

/** @throws ValueError unless the value is a number above 0; Infinity is one. */
export function requireLimit(op: string, option: string, value: number): void {
  if (typeof value !== 'number' || !(value > 0))
    throw new ValueError(`${op}: expected a number above 0 for ${option}, got ${String(value)}`);
}

/** @throws ValueError unless the value is a function, or left out. */
export function requireCallback(op: string, option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    throw new ValueError(`${op}: expected a function for ${option}, got ${describeValue(value)}`);
}
