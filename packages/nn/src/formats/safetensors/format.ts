/**
 * The safetensors format (Hugging Face, https://github.com/huggingface/safetensors, "Format"): 8
 * bytes with the length of the header (little-endian), the header (JSON: dtype, shape and byte
 * range of each tensor), then the bytes of the tensors, little-endian, without gaps.
 */
import { quoted } from '@chronograd/tensor/engine';
import type { MakeError, StoredDtype } from '../exchange/elements.ts';
import { FileError } from '../exchange/entries.ts';

/**
 * A tensor of a file. `data` has as many elements as `shape`; the shape `[]` is a single number.
 *
 * `stored` is present if the dtype in the file differs from that of `data`: F16 and BF16 are read
 * as float32, other integers and BOOL as int32. Writing a tensor with `stored` converts it, floats
 * rounded to nearest.
 */
export type SafetensorsTensor =
  | TensorOf<'F32', Float32Array, 'F16' | 'BF16'>
  | TensorOf<'F64', Float64Array, never>
  | TensorOf<'I32', Int32Array, Exclude<StoredDtype, 'F64' | 'F32' | 'F16' | 'BF16' | 'I32'>>;

interface TensorOf<Name, Data, Stored> {
  readonly dtype: Name;
  readonly shape: readonly number[];
  readonly data: Data;
  readonly stored?: Stored;
}

/** Dtypes of tensors in memory. */
export type SafetensorsDtype = SafetensorsTensor['dtype'];

/** Bytes that are not a valid safetensors file, or tensors that cannot be written as one. */
export class SafetensorsError extends FileError {
  override readonly name = 'SafetensorsError';
}

/** The key of the header that holds pairs of strings, not a tensor. */
export const METADATA = '__metadata__';

/** @throws SafetensorsError for a header longer than the format allows */
export function requireHeaderBytes(length: number): void {
  if (length > 100_000_000)
    throw fileError(`expected a header of at most 100000000 bytes, the limit of the format, got ${length}`);
}

/** An error about a file. */
export function fileError(what: string, entry: string | null = null): SafetensorsError {
  return new SafetensorsError(`safetensors: ${what}`, entry);
}

/** Makes errors about one tensor. */
export function tensorError(name: string): MakeError {
  return (what) => fileError(`tensor ${quoted(name)} ${what}`, name);
}
