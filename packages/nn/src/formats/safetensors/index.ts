/** Reads and writes safetensors files: the entry point `@chronograd/nn/safetensors`. */
export { type SafetensorsDtype, SafetensorsError, type SafetensorsTensor } from './format.ts';
export {
  type OpenSafetensors,
  type OpenSafetensorsOptions,
  openSafetensors,
  type ReadSafetensorsOptions,
  readSafetensors,
  type SafetensorsFile,
} from './read.ts';
export { writeSafetensors } from './write.ts';
