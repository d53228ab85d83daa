/**
 * Chronograd as a contestant:
 * `node main.js --kernels strict|fast|wide|reference --dtype float32|float64`.
 */
import { parseArgs } from 'node:util';
import { type FloatDtype, type KernelBuild, kernelsInUse, useKernels } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';
import { serve } from '../contestant.ts';
import {
  prepareCrossEntropy,
  prepareElementwise,
  prepareGather,
  prepareMatmul,
  prepareScatter,
  prepareSmallOp,
} from './ops.ts';
import { prepareSampling, prepareTraining } from './train.ts';

const { values } = parseArgs({
  options: { kernels: { type: 'string', default: 'strict' }, dtype: { type: 'string', default: 'float32' } },
});
const dtype = values.dtype as FloatDtype;

/** Why these kernels are unavailable, or undefined if they are available. */
function choose(kernels: string): string | undefined {
  if (kernels === 'wide') return useWideKernels().reason ?? undefined;
  try {
    useKernels(kernels as KernelBuild);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const absent = choose(values.kernels);
await serve(
  { kernels: kernelsInUse() },
  {
    train: prepareTraining(dtype),
    sample: prepareSampling(dtype),
    matmul: prepareMatmul(dtype),
    elementwise: prepareElementwise(dtype),
    'cross-entropy': prepareCrossEntropy(dtype),
    gather: prepareGather(dtype),
    scatter: prepareScatter(dtype),
    'small-op': prepareSmallOp(dtype),
  },
  absent,
);
