/**
 * The safetensors format (Hugging Face, https://github.com/huggingface/safetensors, "Format"): eight bytes with the length of a
 * header (little-endian), the header (JSON: for each tensor its dtype, shape and where its bytes are), then the tensors' bytes,
 * little-endian, one after the other with nothing between, before or after.
 */

import { ChronogradError } from '@chronograd/tensor';
import { quoted } from '@chronograd/tensor/engine';
import type { Refusal, StoredDtype } from '../exchange/elements.ts';

/**
 * A tensor of a file. `data` has as many elements as `shape` says; a shape without sizes is one number.
 *
 * `stored` stands there where the file keeps it in another dtype than `data` has: F16 and BF16 are read as float32, whole numbers of
 * other widths and BOOL as int32. A tensor written with `stored` is kept like that, floats rounded to nearest.
 */
export type SafetensorsTensor =
  | Kept<'F32', Float32Array, 'F16' | 'BF16'>
  | Kept<'F64', Float64Array, never>
  | Kept<'I32', Int32Array, Exclude<StoredDtype, 'F64' | 'F32' | 'F16' | 'BF16' | 'I32'>>;

interface Kept<Name, Data, Other> {
  readonly dtype: Name;
  readonly shape: readonly number[];
  readonly data: Data;
  readonly stored?: Other;
}

/** The dtypes of ours among those of the format. */
export type SafetensorsDtype = SafetensorsTensor['dtype'];

/** Bytes that are no valid safetensors file, or tensors that cannot be written as one. */
export class SafetensorsError extends ChronogradError {
  override readonly name = 'SafetensorsError';
  /** The tensor that could not be read or written, or null where the error is not about one. */
  readonly entry: string | null;

  constructor(message: string, entry: string | null = null) {
    super(message);
    this.entry = entry;
  }
}

/** The header's name for what is no tensor: pairs of strings. */
export const METADATA = '__metadata__';

/** The format's own limit for the header, in bytes. */
export const MOST_HEADER_BYTES = 100_000_000;

/** The limit of our reader by default: some 100,000 tensors, which take some ten times as many bytes in memory. */
export const DEFAULT_HEADER_BYTES = 10_000_000;

/** An error about one tensor. */
export function problem(name: string, what: string): SafetensorsError {
  return new SafetensorsError(`safetensors: tensor ${quoted(name)} ${what}`, name);
}

/** Makes errors about one tensor. */
export function problemOf(name: string): Refusal {
  return (what) => problem(name, what);
}
