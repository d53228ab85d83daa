/** Reading and writing .npz files. */
import { checkOptions, quoted } from '@chronograd/tensor/engine';
import { noEntry, type OnUnreadable, readAll } from '../exchange/entries.ts';
import { requireArrays, requireBytes, requireCallback, requireLimit } from '../exchange/require.ts';
import { isPickle, isZip, torchFileMessage } from '../exchange/torch-file.ts';
import { type NpyArray, NpyError, type NpySource } from './format.ts';
import { readNpy, writeNpy } from './npy.ts';
import { BrokenStreamError, readDirectory, unpack, type ZipEntry } from './zip-reader.ts';
import { writeZip } from './zip-writer.ts';

/** What an archive may unpack to, whatever its own size. */
const ALWAYS_ALLOWED = 2 ** 24;

/** Options of `openNpz`. */
export interface OpenNpzOptions {
  /**
   * How many times the archive's own size its arrays may take in memory. A deflated file can expand 1,032 times. Archives whose arrays take at most
   * 16 MiB are read whatever the ratio. Default: 100.
   */
  readonly maxRatio?: number;
}

/** Options of `readNpz`. */
export interface ReadNpzOptions extends OpenNpzOptions, OnUnreadable<NpyError> {}

/** An open .npz file: its arrays are listed, and unpacked one at a time. */
export interface OpenNpz {
  /** NumPy's `npz.files`: the arrays' names in the order of the file, without `.npy`. Files of another kind keep their whole name. */
  readonly names: readonly string[];
  /**
   * Unpacks and reads one array, anew on every call.
   * @throws NpyError for a name that the file does not have, and an array that cannot be read; its `entry` is the name
   */
  get(name: string): NpyArray;
}

/**
 * Opens a .npz file without unpacking anything: one array that cannot be read does not hinder reading the others.
 * @throws NpyError for a damaged archive, one that would unpack to more than `maxRatio` allows, and a file of `torch.save`
 * @example
 * const file = openNpz(readFileSync('data.npz'));
 * const weights = file.names.filter((name) => name.startsWith('w')).map((name) => file.get(name));
 */
export function openNpz(bytes: Uint8Array, options: OpenNpzOptions = {}): OpenNpz {
  checkOptions<OpenNpzOptions>('openNpz', options, { maxRatio: true });
  return open('openNpz', bytes, options);
}

/**
 * The arrays of a .npz file by name, as `numpy.savez` and `numpy.savez_compressed` write it. Every checksum is checked.
 * @throws NpyError as `openNpz`, and for a file in it that is no array that `readNpy` reads, unless `onUnreadable` is given. A deflated stream that is
 *   broken is always an error; `openNpz` reads the arrays beside it.
 * @example const arrays = readNpz(bytes, { onUnreadable: (error) => console.warn(error.message) });
 */
export function readNpz(bytes: Uint8Array, options: ReadNpzOptions = {}): ReadonlyMap<string, NpyArray> {
  checkOptions<ReadNpzOptions>('readNpz', options, { maxRatio: true, onUnreadable: true });
  const { onUnreadable } = options;
  requireCallback('readNpz', 'onUnreadable', onUnreadable);
  const { names, get } = open('readNpz', bytes, options);
  const skip = (error: NpyError): void => {
    // Each such stream can inflate to much before it is found out: an archive of many would take long.
    if (error instanceof BrokenStreamError) throw error;
    onUnreadable?.(error);
  };
  return readAll(names, get, NpyError, onUnreadable && skip);
}

function open(op: string, bytes: Uint8Array, { maxRatio = 100 }: OpenNpzOptions): OpenNpz {
  requireLimit(op, 'maxRatio', maxRatio);
  requireBytes(bytes, (what) => new NpyError(`npz: ${what}`));
  if (isPickle(bytes)) throw new NpyError(torchFileMessage('npz', 'pickle'));
  if (bytes.length > 0 && !isZip(bytes) && bytes[0] === 0x93)
    throw new NpyError('npz: the bytes begin as a .npy file, one array: readNpy reads it');
  const files = readDirectory(bytes);
  if (files.some(({ name }) => name.endsWith('data.pkl'))) throw new NpyError(torchFileMessage('npz', 'zip'));
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > Math.max(ALWAYS_ALLOWED, maxRatio * bytes.length))
    throw new NpyError(
      `npz: expected arrays of at most ${maxRatio} times the file's ${bytes.length} bytes, got ${total} bytes; set maxRatio to ${Math.ceil(total / bytes.length)} if you trust the file`,
    );
  const entries = new Map<string, ZipEntry>();
  for (const file of files) {
    const name = file.name.replace(/\.npy$/, '');
    if (entries.has(name)) throw new NpyError(`npz: the archive has two files for the array ${quoted(name)}`);
    entries.set(name, file);
  }
  const names = [...entries.keys()];
  return {
    names,
    get: (name) => {
      const entry = entries.get(name);
      if (entry === undefined) throw new NpyError(`npz: ${noEntry('array', name, names)}`, name);
      return named(name, entry.name, () => readEntry(entry));
    },
  };
}

function readEntry(entry: ZipEntry): NpyArray {
  if (entry.name.endsWith('.npy')) return readNpy(unpack(entry));
  throw new NpyError(`expected a .npy file, got a file of another kind`);
}

/**
 * The bytes of a .npz file, for `numpy.load`. Equal arrays in equal order give equal bytes.
 * @param arrays by name; a tensor will do for an array, and so does what `stateDict` gives
 * @throws NpyError for what is no Map of arrays, and an array that `writeNpy` refuses
 */
export function writeNpz(arrays: ReadonlyMap<string, NpySource>, options: NpzOptions = {}): Uint8Array {
  checkOptions<NpzOptions>('writeNpz', options, { compress: true });
  const files = [...requireArrays(arrays, (what) => new NpyError(`npz: ${what}`))].map(
    ([name, array]) => [`${name}.npy`, named(name, name, () => writeNpy(array))] as const,
  );
  return writeZip(new Map(files), options.compress ?? false);
}

/** Options of `writeNpz`. */
export interface NpzOptions {
  /** Deflates the arrays, as `numpy.savez_compressed` does. Default: false, since trained weights hardly shrink. */
  readonly compress?: boolean;
}

/** Runs, and says which array it was about. */
function named<Result>(name: string, shown: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof NpyError)) throw error;
    const Kind = error instanceof BrokenStreamError ? BrokenStreamError : NpyError;
    throw new Kind(`npz: in ${quoted(shown)}: ${error.message}`, name);
  }
}
