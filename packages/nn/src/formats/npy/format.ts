/**
 * NumPy's files: .npy, one array (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html), and .npz, a zip archive of them.
 */

import { ChronogradError } from '@chronograd/tensor';
import { quoted } from '@chronograd/tensor/engine';
import type { PlainArray, StoredDtype } from '../exchange/elements.ts';

/** How NumPy keeps elements: all that safetensors knows, but for bfloat16. */
export type NpyDtype = Exclude<StoredDtype, 'BF16'>;

/**
 * An array of a file. `data` is row-major; its type says the dtype: float64, float32 or int32. `stored` stands there where the file keeps
 * another: F16 is read as float32, whole numbers of other widths and BOOL as int32. An array written with `stored` is kept like that.
 */
export interface NpyArray extends PlainArray {
  readonly stored?: NpyDtype;
}

/** What can be written: an array, as here or of a safetensors file or a state dict, or a tensor. */
export type NpySource =
  | (PlainArray & { readonly stored?: StoredDtype })
  | { readonly shape: readonly number[]; toTypedArray(): PlainArray['data'] };

/** Bytes that are no .npy or .npz that can be read, or arrays that cannot be written as one. */
export class NpyError extends ChronogradError {
  override readonly name = 'NpyError';
  /** The array of a .npz file that could not be read, or null where the error is not about one. */
  readonly entry: string | null;

  constructor(message: string, entry: string | null = null) {
    super(message);
    this.entry = entry;
  }
}

/** NumPy's names of dtypes, without the byte order. */
export const DESCRIPTIONS: Readonly<Record<NpyDtype, string>> = {
  F64: 'f8',
  F32: 'f4',
  F16: 'f2',
  I64: 'i8',
  I32: 'i4',
  I16: 'i2',
  I8: 'i1',
  U64: 'u8',
  U32: 'u4',
  U16: 'u2',
  U8: 'u1',
  BOOL: 'b1',
};

/** Names that `numpy.dtype` takes too; other programs write them. */
const LONG_NAMES: Readonly<Record<string, NpyDtype>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};

/** What NumPy's other kinds are, and what to do instead. */
const OTHER_KINDS: Readonly<Record<string, string>> = {
  O: 'Python objects, a pickle, which can hold any program',
  c: 'complex numbers: write a.real and a.imag',
  U: 'text',
  S: 'bytes',
  V: 'raw bytes, as bfloat16 is kept: write a.astype(numpy.float32)',
  M: 'dates',
  m: 'time spans',
  f: 'floats of another width: write a.astype(numpy.float64)',
};

/** Whether NumPy has it. */
export function isNpyDtype(name: string): name is NpyDtype {
  return Object.hasOwn(DESCRIPTIONS, name);
}

/** Our name for NumPy's, and whether the bytes are the wrong way round. @throws NpyError for what is not numbers, or of unknown width */
export function stored(description: unknown): { readonly stored: NpyDtype; readonly bigEndian: boolean } {
  const known = Object.keys(DESCRIPTIONS) as NpyDtype[];
  if (typeof description !== 'string')
    throw new NpyError(
      'npy: a structured dtype came, plain numbers were expected: write each field by itself',
    );
  const [, order, name] = /^([<>|=]?)(.*)$/s.exec(description) as unknown as [string, string, string];
  const found = Object.hasOwn(LONG_NAMES, name)
    ? LONG_NAMES[name]
    : known.find((each) => DESCRIPTIONS[each] === name);
  if (found !== undefined) return { stored: found, bigEndian: order === '>' };
  const what = OTHER_KINDS[name[0] ?? ''];
  throw new NpyError(
    `npy: the dtype ${quoted(description)} came${what === undefined ? '' : `, ${what}`}; one of ${known.map((each) => DESCRIPTIONS[each]).join(', ')} was expected`,
  );
}
