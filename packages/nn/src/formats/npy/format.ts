/**
 * NumPy's files: .npy, one array, and .npz, a zip archive of them.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
import { quoted } from '@chronograd/tensor/engine';
import type { PlainArray, StoredDtype } from '../exchange/elements.ts';
import { FileError } from '../exchange/entries.ts';

/** Dtypes in NumPy's files: those of safetensors except bfloat16. */
export type NpyDtype = Exclude<StoredDtype, 'BF16'>;

/**
 * An array of a file, row-major. The type of `data` is the dtype: float64, float32 or int32.
 * `stored` is present if the dtype in the file differs: F16 is read as float32, other integers and
 * BOOL as int32. Writing an array with `stored` converts it.
 */
export interface NpyArray extends PlainArray {
  readonly stored?: NpyDtype;
}

/** An array to write: of a file, a state dict or safetensors, or a tensor. */
export type NpySource =
  | (PlainArray & { readonly stored?: StoredDtype })
  | { readonly shape: readonly number[]; toTypedArray(): PlainArray['data'] };

/** Bytes that are not a readable .npy or .npz file, or arrays that cannot be written as one. */
export class NpyError extends FileError {
  override readonly name = 'NpyError';
}

/** An error about a .npy file. */
export const npyError = (what: string): NpyError => new NpyError(`npy: ${what}`);

/** An error about a .npz file. */
export const npzError = (what: string, entry: string | null = null): NpyError =>
  new NpyError(`npz: ${what}`, entry);

/** NumPy's names of each dtype: in a file, without the byte order; and of `numpy.dtype`. */
const NAMES: Readonly<Record<NpyDtype, readonly [short: string, long: string]>> = {
  F64: ['f8', 'float64'],
  F32: ['f4', 'float32'],
  F16: ['f2', 'float16'],
  I64: ['i8', 'int64'],
  I32: ['i4', 'int32'],
  I16: ['i2', 'int16'],
  I8: ['i1', 'int8'],
  U64: ['u8', 'uint64'],
  U32: ['u4', 'uint32'],
  U16: ['u2', 'uint16'],
  U8: ['u1', 'uint8'],
  BOOL: ['b1', 'bool'],
};

/** All dtypes that can be written. */
export const NPY_DTYPES = Object.keys(NAMES) as readonly NpyDtype[];

/** NumPy's other kinds of elements, and what to do instead. */
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

export function isNpyDtype(name: string): name is NpyDtype {
  return Object.hasOwn(NAMES, name);
}

/** The dtype in a header: `<f4`. One byte has no order. */
export function dtypeDescription(stored: NpyDtype): string {
  const [short] = NAMES[stored];
  return `${short.endsWith('1') ? '|' : '<'}${short}`;
}

/** Parses a dtype of a header. @throws NpyError unless it is one of numbers, of a known width */
export function parseDtype(description: unknown): {
  readonly stored: NpyDtype;
  readonly bigEndian: boolean;
} {
  if (typeof description !== 'string')
    throw npyError('expected plain numbers, got a structured dtype; write each field as its own array');
  const [, order, name] = /^([<>|=]?)(.*)$/s.exec(description) as unknown as [string, string, string];
  const found = NPY_DTYPES.find((stored) => NAMES[stored].includes(name));
  if (found !== undefined) return { stored: found, bigEndian: order === '>' };
  const known = NPY_DTYPES.map((stored) => NAMES[stored][0]).join(', ');
  const kind = OTHER_KINDS[name[0] ?? ''];
  throw npyError(
    `expected a dtype of ${known}, got ${quoted(description)}${kind === undefined ? '' : `, ${kind}`}`,
  );
}
