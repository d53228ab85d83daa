/** Writing a safetensors file. Equal tensors give equal bytes. */
import { describeValue, quoted } from '@chronograd/tensor/engine';
import { shownName } from '../exchange/bounded.ts';
import { bytesPerElement, encodeArray, isStoredDtype, memoryDtype } from '../exchange/elements.ts';
import { concatBytes } from '../exchange/entries.ts';
import { requireArrays } from '../exchange/require.ts';
import { encodeUtf8, isWellFormed } from '../exchange/utf8.ts';
import { fileError, METADATA, requireHeaderBytes, type SafetensorsTensor, tensorError } from './format.ts';

/**
 * The bytes of a safetensors file.
 *
 * Tensors are sorted by element size, widest first, then by name, and the header is padded with
 * spaces to a multiple of 8 bytes. So the bytes of every tensor are aligned, as readers that map a
 * file into memory need. The order of the Map and of the metadata does not matter.
 * @param metadata - pairs of strings for the header's `__metadata__`. Default: none.
 * @throws SafetensorsError if `tensors` is not a Map of tensors or `metadata` not an object of
 * strings, if data does not fit its shape, its dtype or `stored`, if a tensor is named
 * `__metadata__`, and if a name is not valid Unicode
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = [...requireArrays(tensors, fileError)]
    .map(([name, tensor]) => encoded(name, tensor))
    .sort((a, b) => b.width - a.width || byCodeUnit(a.name, b.name));
  const members: string[] = [];
  const pairs = Object.entries(requireMetadata(metadata)).sort(([a], [b]) => byCodeUnit(a, b));
  if (pairs.length > 0) {
    const strings = pairs.map(([key, value]) => `${jsonString(key)}:${jsonString(value)}`);
    members.push(`"${METADATA}":{${strings.join(',')}}`);
  }
  let end = 0;
  for (const { name, stored, shape, bytes } of entries) {
    const begin = end;
    end += bytes.length;
    members.push(
      `${jsonString(name)}:{"dtype":"${stored}","shape":[${shape.join(',')}],"data_offsets":[${begin},${end}]}`,
    );
  }
  return concatBytes([...headerBytes(`{${members.join(',')}}`), ...entries.map(({ bytes }) => bytes)]);
}

/** The format allows strings only. */
function requireMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const expected = 'expected an object of strings for metadata, such as { epoch: String(3) }, got';
  if (typeof metadata !== 'object' || metadata === null || metadata instanceof Map || Array.isArray(metadata))
    throw fileError(`${expected} ${describeValue(metadata)}`);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') throw fileError(`${expected} ${describeValue(value)} at ${quoted(key)}`);
  }
  return metadata;
}

/** The length of the padded header, and the header. */
function headerBytes(header: string): Uint8Array[] {
  const bytes = encodeUtf8(header);
  requireHeaderBytes(bytes.length);
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20);
  padded.set(bytes);
  const length = new Uint8Array(8);
  new DataView(length.buffer).setUint32(0, padded.length, true);
  return [length, padded];
}

function encoded(name: string, tensor: SafetensorsTensor) {
  const { dtype, shape, stored = dtype } = tensor;
  const error = tensorError(name);
  if (name === METADATA) throw fileError(`a tensor cannot be named ${METADATA}`);
  if (!isStoredDtype(stored) || memoryDtype(stored) !== dtype)
    throw error(`is ${shownName(String(dtype))} and cannot be stored as ${shownName(String(stored))}`);
  if (!Array.isArray(shape)) throw error(`has ${describeValue(shape)} for its shape`);
  const bytes = encodeArray(stored, tensor, error);
  return { name, stored, width: bytesPerElement(stored), shape, bytes };
}

/** `JSON.stringify` would escape a lone surrogate, which readers in other languages reject. */
function jsonString(text: string): string {
  if (isWellFormed(text)) return JSON.stringify(text);
  throw fileError(`the string ${quoted(text)} is not valid Unicode`);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
