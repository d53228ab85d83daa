import { ChronogradError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { requireBytes } from '../../../src/formats/exchange/require.ts';

test('Bytes whose buffer was transferred throw an error, no bytes at all do not', () => {
  const refuse = (what: string): ChronogradError => new ChronogradError(what);
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  expect(() => requireBytes(bytes, refuse)).toThrow('got one whose buffer was transferred');
  const none = new Uint8Array(0);
  expect(requireBytes(none, refuse)).toBe(none);
});
