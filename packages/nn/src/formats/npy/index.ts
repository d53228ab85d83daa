/** Reads and writes NumPy's .npy and .npz files: the entry point `@chronograd/nn/npy`. */
export { type NpyArray, type NpyDtype, NpyError, type NpySource } from './format.ts';
export { readNpy, writeNpy } from './npy.ts';
export {
  type NpzOptions,
  type OpenNpz,
  type OpenNpzOptions,
  openNpz,
  type ReadNpzOptions,
  readNpz,
  writeNpz,
} from './npz.ts';
