/** Writing a safetensors file: the same tensors give the same bytes. */
import {
  ELEMENT_BYTES,
  elementCount,
  METADATA,
  MOST_HEADER_BYTES,
  quoted,
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
 * @throws SafetensorsError if a tensor's data does not fit its shape and dtype, a tensor is named `__metadata__`, or a name is no
 *   valid Unicode
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = [...tensors].sort(
    ([a, x], [b, y]) => ELEMENT_BYTES[y.dtype] - ELEMENT_BYTES[x.dtype] || byCodeUnit(a, b),
  );
  const header: string[] = [];
  const pairs = Object.entries(metadata).sort(([a], [b]) => byCodeUnit(a, b));
  if (pairs.length > 0) {
    const members = pairs.map(([key, value]) => `${jsonString(key)}:${jsonString(value)}`);
    header.push(`"${METADATA}":{${members.join(',')}}`);
  }
  let end = 0;
  for (const [name, tensor] of entries) {
    checkTensor(name, tensor);
    const { dtype, shape, data } = tensor;
    const begin = end;
    end += data.byteLength;
    header.push(
      `${jsonString(name)}:{"dtype":"${dtype}","shape":[${shape.join(',')}],"data_offsets":[${begin},${end}]}`,
    );
  }
  return assemble(
    encodeHeader(`{${header.join(',')}}`),
    entries.map(([, tensor]) => tensor),
    end,
  );
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

function assemble(header: Uint8Array, tensors: readonly SafetensorsTensor[], dataBytes: number): Uint8Array {
  const file = new Uint8Array(8 + header.length + dataBytes);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(header, 8);
  let at = 8 + header.length;
  for (const { data } of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

const ARRAY_OF = { F32: Float32Array, F64: Float64Array, I32: Int32Array } as const;

function checkTensor(name: string, { dtype, shape, data }: SafetensorsTensor): void {
  if (name === METADATA) throw new SafetensorsError(`safetensors: a tensor cannot be named ${METADATA}`);
  if (!(data instanceof ARRAY_OF[dtype])) {
    throw new SafetensorsError(
      `safetensors: tensor ${quoted(name)} has the dtype ${dtype} and its data is no ${ARRAY_OF[dtype].name}`,
    );
  }
  if (
    !shape.every((size) => Number.isSafeInteger(size) && size >= 0) ||
    elementCount(shape) !== data.length
  ) {
    throw new SafetensorsError(
      `safetensors: tensor ${quoted(name)} has shape [${shape.join(', ')}] and ${data.length} elements`,
    );
  }
}

/** JSON.stringify would write half a surrogate pair as an escape, which readers in other languages refuse. */
function jsonString(text: string): string {
  if (isWellFormed(text)) return JSON.stringify(text);
  throw new SafetensorsError(`safetensors: the string ${quoted(text)} is no valid Unicode`);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
