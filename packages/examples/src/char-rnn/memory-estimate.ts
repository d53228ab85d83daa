/** A lower bound of the memory that a run needs, so that one that cannot fit fails before it starts. */
import { Random } from '@chronograd/tensor';
import { UsageError } from '../cli/errors.ts';
import { CharModel } from './char-model.ts';
import type { TrainConfiguration } from './settings.ts';

/** The address space of WebAssembly. */
const MOST_BYTES = 2 ** 32;

/**
 * Checks that a network fits.
 * @throws UsageError with the sizes and the limit
 */
export function checkMemory(vocabularySize: number, configuration: TrainConfiguration): void {
  const bytes = leastBytes(vocabularySize, configuration);
  if (bytes <= MOST_BYTES) return;
  const { hidden, steps, batch, dtype } = configuration;
  const gigabytes = (count: number): string => `${(count / 1e9).toFixed(1)} GB`;
  throw new UsageError(
    `--hidden ${hidden}: needs more than ${gigabytes(bytes)} in ${dtype} with --steps ${steps} and --batch ${batch}, ` +
      `${gigabytes(MOST_BYTES)} is all that can be addressed`,
  );
}

/** Bytes that a run with any cell holds at the same time. */
export function leastBytes(vocabularySize: number, configuration: TrainConfiguration): number {
  const { hidden, steps, batch, dtype, clip } = configuration;
  // Weights, their transposes, Adagrad accumulators and gradients, plus clipped gradients.
  const ofParameters = (clip === null ? 4 : 5) * countParameters(vocabularySize, configuration);
  // State and logits of every step, and one result computed from each.
  const ofSteps = 2 * steps * batch * (hidden + vocabularySize);
  return (ofParameters + ofSteps) * (dtype === 'float32' ? 4 : 8);
}

/** The parameter count of any cell is a quadratic polynomial in H. Three tiny networks determine it. */
function countParameters(vocabularySize: number, configuration: TrainConfiguration): number {
  const at = (hidden: number): number => {
    using model = new CharModel(vocabularySize, { ...configuration, hidden }, new Random(0));
    return model.parameterCount;
  };
  const [one, two, three] = [at(1), at(2), at(3)];
  const H = configuration.hidden;
  return (one * (H - 2) * (H - 3)) / 2 - two * (H - 1) * (H - 3) + (three * (H - 1) * (H - 2)) / 2;
}
