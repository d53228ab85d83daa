/** Writing a safetensors file: the same tensors give the same bytes. */
import { describeValue, quoted } from '@chronograd/tensor/engine';
import { listedShape, shownName } from '../exchange/bounded.ts';
import {
  arrayFor,
  encodeElements,
  fits,
  isStoredDtype,
  MOST_AXES,
  STORED_BYTES,
  type StoredDtype,
} from '../exchange/elements.ts';
import { requireArrays } from '../exchange/require.ts';
import {
  METADATA,
  MOST_HEADER_BYTES,
  problem,
  problemOf,
  SafetensorsError,
  type SafetensorsTensor,
} from './format.ts';
import { encodeUtf8, isWellFormed } from './utf8.ts';

/**
 * The bytes of a safetensors file.
 *
 * Tensors are sorted by the size of their elements, widest first, then by name, and the header is padded with spaces to a
 * multiple of 8 bytes: so every tensor's bytes are aligned, as readers that map a file into memory want them. Neither the order
 * of the Map nor that of the metadata's keys matters.
 * @param metadata - pairs of strings for the header's `__metadata__`; default: none
 * @throws SafetensorsError for what is no Map of tensors or no object of strings, if a tensor's data does not fit its shape and dtype or the dtype it is to be stored in, a tensor is named
 *   `__metadata__`, or a name is no valid Unicode
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = [...requireArrays(tensors, refuse)]
    .map(([name, tensor]) => ({ name, ...encoded(name, tensor) }))
    .sort((a, b) => STORED_BYTES[b.stored] - STORED_BYTES[a.stored] || byCodeUnit(a.name, b.name));
  const header: string[] = [];
  const pairs = Object.entries(requireMetadata(metadata)).sort(([a], [b]) => byCodeUnit(a, b));
  if (pairs.length > 0) {
    const members = pairs.map(([key, value]) => `${jsonString(key)}:${jsonString(value)}`);
    header.push(`"${METADATA}":{${members.join(',')}}`);
  }
  let end = 0;
  for (const { name, stored, shape, bytes } of entries) {
    const begin = end;
    end += bytes.length;
    header.push(
      `${jsonString(name)}:{"dtype":"${stored}","shape":[${shape.join(',')}],"data_offsets":[${begin},${end}]}`,
    );
  }
  return assemble(
    encodeHeader(`{${header.join(',')}}`),
    entries.map(({ bytes }) => bytes),
    end,
  );
}

const refuse = (what: string): SafetensorsError => new SafetensorsError(`safetensors: ${what}`);

/** The reader takes strings only, as the format says. */
function requireMetadata(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const expected = 'an object of strings was expected: { epoch: String(3) }';
  if (typeof metadata !== 'object' || metadata === null || metadata instanceof Map || Array.isArray(metadata))
    throw refuse(`${describeValue(metadata)} came for metadata, ${expected}`);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string')
      throw refuse(`${describeValue(value)} came for metadata ${quoted(key)}, ${expected}`);
  }
  return metadata;
}

function encodeHeader(header: string): Uint8Array {
  const bytes = encodeUtf8(header);
  if (bytes.length > MOST_HEADER_BYTES) {
    throw new SafetensorsError(
      `safetensors: a header of ${bytes.length} bytes, the format allows ${MOST_HEADER_BYTES}`,
    );
  }
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20);
  padded.set(bytes);
  return padded;
}

function assemble(header: Uint8Array, parts: readonly Uint8Array[], dataBytes: number): Uint8Array {
  const file = new Uint8Array(8 + header.length + dataBytes);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(header, 8);
  let at = 8 + header.length;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

interface Encoded {
  readonly stored: StoredDtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

function encoded(name: string, tensor: SafetensorsTensor): Encoded {
  const { dtype, shape, data, stored = dtype } = tensor;
  if (name === METADATA) throw new SafetensorsError(`safetensors: a tensor cannot be named ${METADATA}`);
  if (!isStoredDtype(stored) || arrayFor(stored) !== dtype)
    throw problem(
      name,
      `is ${shownName(String(dtype))} and cannot be stored as ${shownName(String(stored))}`,
    );
  if (!Array.isArray(shape)) throw problem(name, `has ${describeValue(shape)} for its shape`);
  if (shape.length > MOST_AXES)
    throw problem(name, `has a shape of ${shape.length} sizes, expected at most ${MOST_AXES}`);
  const bytes = encodeElements(stored, data, problemOf(name));
  if (!fits(tensor)) throw problem(name, `has shape ${listedShape(shape)} and ${data.length} elements`);
  return { stored, shape, bytes };
}

/** JSON.stringify would write half a surrogate pair as an escape, which readers in other languages refuse. */
function jsonString(text: string): string {
  if (isWellFormed(text)) return JSON.stringify(text);
  throw new SafetensorsError(`safetensors: the string ${quoted(text)} is no valid Unicode`);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
