/**
 * The safetensors format (Hugging Face, https://github.com/huggingface/safetensors, "Format"): eight bytes with the length of a
 * header (little-endian), the header (JSON: for each tensor its dtype, shape and where its bytes are), then the tensors' bytes,
 * little-endian, one after the other with nothing between, before or after.
 */

/** A tensor of a file. `data` has as many elements as `shape` says; a shape without sizes is one number. */
export type SafetensorsTensor =
  | { readonly dtype: 'F32'; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: 'F64'; readonly shape: readonly number[]; readonly data: Float64Array }
  | { readonly dtype: 'I32'; readonly shape: readonly number[]; readonly data: Int32Array };

/** The dtypes of ours among those of the format. */
export type SafetensorsDtype = SafetensorsTensor['dtype'];

/** Bytes that are no valid safetensors file, or tensors that cannot be written as one. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/** The header's name for what is no tensor: pairs of strings. */
export const METADATA = '__metadata__';

/** The format's own limit for the header, in bytes. */
export const MOST_HEADER_BYTES = 100_000_000;

/** Bytes of an element. */
export const ELEMENT_BYTES: Readonly<Record<SafetensorsDtype, 4 | 8>> = { F32: 4, F64: 8, I32: 4 };

/** The product of the sizes, or null where it is no safe integer. A zero makes it 0 whatever stands beside. */
export function elementCount(shape: readonly number[]): number | null {
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (count > Number.MAX_SAFE_INTEGER) return null;
  }
  return count;
}

/** A name as messages show it: quoted, on one line, not too long. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
