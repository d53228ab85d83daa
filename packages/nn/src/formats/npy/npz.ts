/** Reading and writing .npz files. */
import { checkOptions, quoted } from '@chronograd/tensor/engine';
import { entryOf, type OnUnreadable, readAll } from '../exchange/entries.ts';
import { requireArrays, requireBytes, requireCallback, requireLimit } from '../exchange/require.ts';
import { isPickle, isZip, torchFileMessage } from '../exchange/torch-file.ts';
import { type NpyArray, NpyError, type NpySource, npzError } from './format.ts';
import { readNpy, writeNpy } from './npy.ts';
import { BrokenStreamError, readDirectory, unpack, type ZipEntry } from './zip-reader.ts';
import { writeZip } from './zip-writer.ts';

/** Bytes that an archive may unpack to, whatever its own size. */
const ALWAYS_ALLOWED = 2 ** 24;

/** Options of `openNpz`. */
export interface OpenNpzOptions {
  /**
   * Largest ratio of the arrays' size in memory to that of the archive; a deflated file can expand
   * 1,032 times. Arrays of at most 16 MiB are read at any ratio. Default: 100.
   */
  readonly maxRatio?: number;
}

/** Options of `readNpz`. */
export interface ReadNpzOptions extends OpenNpzOptions, OnUnreadable<NpyError> {}

/** An open .npz file, whose arrays are unpacked one at a time. */
export interface OpenNpz {
  /** NumPy's `npz.files`, in the order of the file. The extension `.npy` is removed, no other. */
  readonly names: readonly string[];
  /**
   * Unpacks and reads one array, again on every call.
   * @throws NpyError for an unknown name, and for an array that cannot be read; its `entry` is the
   * name
   */
  get(name: string): NpyArray;
}

/**
 * Opens a .npz file without unpacking it. An array that cannot be read does not prevent reading
 * others.
 * @throws NpyError for a damaged archive, for one that would unpack to more than `maxRatio` allows,
 * and for a file of `torch.save`
 * @example
 * const file = openNpz(readFileSync('data.npz'));
 * const weights = file.names.filter((name) => name.startsWith('w')).map((name) => file.get(name));
 */
export function openNpz(bytes: Uint8Array, options: OpenNpzOptions = {}): OpenNpz {
  checkOptions<OpenNpzOptions>('openNpz', options, { maxRatio: true });
  return open('openNpz', bytes, options);
}

/**
 * Reads the arrays of a .npz file, as written by `numpy.savez` and `numpy.savez_compressed`.
 * Checksums are verified.
 * @throws NpyError as `openNpz`, and, without `onUnreadable`, for a file in it that `readNpy`
 * cannot read. A broken deflated stream is always an error; `openNpz` can read the arrays beside
 * it.
 * @example const arrays = readNpz(bytes, { onUnreadable: (error) => console.warn(error.message) });
 */
export function readNpz(bytes: Uint8Array, options: ReadNpzOptions = {}): ReadonlyMap<string, NpyArray> {
  checkOptions<ReadNpzOptions>('readNpz', options, { maxRatio: true, onUnreadable: true });
  const { onUnreadable } = options;
  requireCallback('readNpz', 'onUnreadable', onUnreadable);
  const { names, get } = open('readNpz', bytes, options);
  const skip = (error: NpyError): void => {
    // Each such stream may inflate a lot before it fails. An archive of many would take long.
    if (error instanceof BrokenStreamError) throw error;
    onUnreadable?.(error);
  };
  return readAll(names, get, NpyError, onUnreadable && skip);
}

function open(op: string, bytes: Uint8Array, { maxRatio = 100 }: OpenNpzOptions): OpenNpz {
  requireLimit(op, 'maxRatio', maxRatio);
  requireBytes(bytes, npzError);
  if (isPickle(bytes)) throw new NpyError(torchFileMessage('npz', 'pickle'));
  if (bytes.length > 0 && !isZip(bytes) && bytes[0] === 0x93)
    throw npzError('the bytes begin as a .npy file, one array: readNpy reads it');
  const files = readDirectory(bytes);
  if (files.some(({ name }) => name.endsWith('data.pkl'))) throw new NpyError(torchFileMessage('npz', 'zip'));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > Math.max(ALWAYS_ALLOWED, maxRatio * bytes.length))
    throw npzError(
      `expected arrays of at most ${maxRatio} times the file's ${bytes.length} bytes, got ${total} bytes; set maxRatio to ${Math.ceil(total / bytes.length)} if you trust the file`,
    );
  const entries = new Map<string, ZipEntry>();
  for (const file of files) {
    const name = file.name.replace(/\.npy$/, '');
    if (entries.has(name)) throw npzError(`the archive has two files for the array ${quoted(name)}`);
    entries.set(name, file);
  }
  return {
    names: [...entries.keys()],
    get: (name) => {
      const entry = entryOf(entries, name, 'array', npzError);
      return named(name, entry.name, () => readEntry(entry));
    },
  };
}

function readEntry(entry: ZipEntry): NpyArray {
  if (entry.name.endsWith('.npy')) return readNpy(unpack(entry));
  throw new NpyError(`expected a .npy file, got a file of another kind`);
}

/** Options of `writeNpz`. */
export interface NpzOptions {
  /** Deflate, as `numpy.savez_compressed` does. Default: false, since weights hardly shrink. */
  readonly compress?: boolean;
}

/**
 * The bytes of a .npz file, for `numpy.load`. Equal arrays in equal order give equal bytes.
 * @param arrays arrays or tensors by name, such as `stateDict(model)`
 * @throws NpyError unless `arrays` is a Map of arrays that `writeNpy` can write
 */
export function writeNpz(arrays: ReadonlyMap<string, NpySource>, options: NpzOptions = {}): Uint8Array {
  checkOptions<NpzOptions>('writeNpz', options, { compress: true });
  const files = [...requireArrays(arrays, npzError)].map(
    ([name, array]) => [`${name}.npy`, named(name, name, () => writeNpy(array))] as const,
  );
  return writeZip(new Map(files), options.compress ?? false);
}

/** Runs `run` and adds the name of the array to its errors. */
function named<Result>(name: string, shown: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof NpyError)) throw error;
    const Kind = error instanceof BrokenStreamError ? BrokenStreamError : NpyError;
    throw new Kind(`npz: in ${quoted(shown)}: ${error.message}`, name);
  }
}
