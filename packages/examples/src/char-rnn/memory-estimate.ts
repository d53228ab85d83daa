/** What a run takes of memory at least: one that can never fit is refused before minutes and gigabytes have gone into it. */
import { Random } from '@chronograd/tensor';
import { CharModel } from './char-model.ts';
import type { TrainConfiguration } from './configuration.ts';
import { UsageError } from './usage-error.ts';

/** Where the addresses of WebAssembly end. */
const MOST_BYTES = 2 ** 32;

/**
 * Refuses a network that does not fit.
 * @throws UsageError naming what is too large
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

/** Bytes that a run holds at the same time, whatever its cell. */
export function leastBytes(vocabularySize: number, configuration: TrainConfiguration): number {
  const { hidden, steps, batch, dtype, clip } = configuration;
  // Weights, their transposes, Adagrad's accumulators and gradients; and the clipped gradients beside those.
  const ofParameters = (clip === null ? 4 : 5) * countParameters(vocabularySize, configuration);
  // The state and the logits of every step, and what is computed from each.
  const ofSteps = 2 * steps * batch * (hidden + vocabularySize);
  return (ofParameters + ofSteps) * (dtype === 'float32' ? 4 : 8);
}

/** How many numbers a network learns. Whatever the cell, that is a polynomial of degree 2 in H, which three tiny networks tell. */
function countParameters(vocabularySize: number, configuration: TrainConfiguration): number {
  const at = (hidden: number): number => {
    using model = new CharModel(vocabularySize, { ...configuration, hidden }, new Random(0));
    return model.parameterCount;
  };
  const [one, two, three] = [at(1), at(2), at(3)];
  const H = configuration.hidden;
  return (one * (H - 2) * (H - 3)) / 2 - two * (H - 1) * (H - 3) + (three * (H - 1) * (H - 2)) / 2;
}
