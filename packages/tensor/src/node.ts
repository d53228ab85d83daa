/** What only Node can run: kernels that use 256-bit registers. */
export { useWideKernels, type WideKernels } from './wide/load.ts';
