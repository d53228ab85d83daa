/** Checks of arguments of readers and writers. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, quoted } from '@chronograd/tensor/engine';
import type { MakeError } from './elements.ts';

/**
 * The bytes of a file; a Buffer is a Uint8Array too.
 * @throws the error for anything else, such as an ArrayBuffer, which would look like an empty file
 */
export function requireBytes(bytes: Uint8Array, error: MakeError): Uint8Array {
  const expected = 'expected a Uint8Array with the bytes of a file, got';
  // By name, not by instanceof: the array may come from a worker or a frame.
  const kind: string = Object.prototype.toString.call(bytes).slice(8, -1);
  if (kind === 'Uint8Array' && isAttached(bytes)) return bytes;
  if (kind === 'Uint8Array') throw error(`${expected} one whose buffer was transferred`);
  const cure = kind === 'ArrayBuffer' ? '; write new Uint8Array(buffer)' : '';
  throw error(`${expected} ${kind}${cure}`);
}

/** Whether an array still has its buffer. One that was transferred looks empty. */
function isAttached(bytes: Uint8Array): boolean {
  try {
    return bytes.length > 0 || new Uint8Array(bytes.buffer).length >= 0;
  } catch {
    return false;
  }
}

/** @throws the error unless `arrays` maps strings to objects. @param as an example of such a Map */
export function requireArrays<A extends object>(
  arrays: ReadonlyMap<string, A>,
  error: MakeError,
  as = 'stateDict(model)',
): ReadonlyMap<string, A> {
  const expected = `expected a Map from names to arrays, such as ${as}, got`;
  if (!(arrays instanceof Map)) throw error(`${expected} ${describeValue(arrays)}`);
  for (const [name, array] of arrays as ReadonlyMap<unknown, unknown>) {
    if (typeof name !== 'string') throw error(`${expected} ${describeValue(name)} for a name`);
    if (typeof array !== 'object' || array === null)
      throw error(`${expected} ${describeValue(array)} for ${quoted(name)}`);
  }
  return arrays;
}

/** @throws ValueError unless the value is a number above 0. Infinity is one. */
export function requireLimit(op: string, option: string, value: number): void {
  if (typeof value !== 'number' || !(value > 0))
    throw new ValueError(`${op}: expected a number above 0 for ${option}, got ${String(value)}`);
}

/** @throws ValueError unless the value is a function or undefined. */
export function requireCallback(op: string, option: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    throw new ValueError(`${op}: expected a function for ${option}, got ${describeValue(value)}`);
}
