/** Reading and writing .npz files. */
import { quoted, requireArrays, requireBytes } from '../exchange/elements.ts';
import { isPickle, isZip, torchFileMessage } from '../exchange/torch-file.ts';
import { type NpyArray, NpyError, type NpySource } from './format.ts';
import { readNpy, writeNpy } from './npy.ts';
import { readZip, writeZip } from './zip.ts';

/**
 * The arrays of a .npz file by name, as `numpy.savez` and `numpy.savez_compressed` write it. Every checksum is checked.
 * @throws NpyError for a damaged archive, a file in it that is no array that `readNpy` reads, and for a file of `torch.save`, with two lines of
 *   Python that make it a safetensors file
 */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, NpyArray> {
  requireBytes(bytes, (what) => new NpyError(`npz: ${what}`));
  if (isPickle(bytes)) throw new NpyError(torchFileMessage('npz', 'pickle'));
  if (bytes.length > 0 && !isZip(bytes) && bytes[0] === 0x93)
    throw new NpyError('npz: the bytes begin as a .npy file, one array: readNpy reads it');
  const files = readZip(bytes);
  if ([...files.keys()].some((name) => name.endsWith('data.pkl')))
    throw new NpyError(torchFileMessage('npz', 'zip'));
  const arrays = new Map<string, NpyArray>();
  for (const [file, content] of files) {
    if (!file.endsWith('.npy'))
      throw new NpyError(`npz: the file ${quoted(file)} came, only .npy files were expected`);
    arrays.set(
      file.slice(0, -4),
      named(file, () => readNpy(content)),
    );
  }
  return arrays;
}

/**
 * The bytes of a .npz file, for `numpy.load`. Equal arrays in equal order give equal bytes.
 * @param arrays by name; a tensor will do for an array, and so does what `stateDict` gives
 * @param compress deflates the arrays, as `numpy.savez_compressed` does. false unless named: trained weights hardly shrink
 * @throws NpyError for what is no Map of arrays, and an array that `writeNpy` refuses
 */
export function writeNpz(
  arrays: ReadonlyMap<string, NpySource>,
  { compress = false }: { readonly compress?: boolean } = {},
): Uint8Array {
  const files = [...requireArrays(arrays, (what) => new NpyError(`npz: ${what}`))].map(
    ([name, array]) => [`${name}.npy`, named(name, () => writeNpy(array))] as const,
  );
  return writeZip(new Map(files), compress);
}

/** Runs, and says which array it was about. */
function named<Result>(name: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof NpyError)) throw error;
    throw new NpyError(`npz: in ${quoted(name)}: ${error.message}`);
  }
}
