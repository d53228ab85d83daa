/** The norm of gradients that may be anything. */
import type { Gradients } from '@chronograd/autograd';
import { globalNorm, NonFiniteGradientError } from '@chronograd/nn';
import type { CharModel } from './char-model.ts';

/** The global norm; null where a gradient is not finite. */
export function finiteNorm(gradients: Gradients<CharModel>): number | null {
  try {
    return globalNorm(gradients);
  } catch (error) {
    if (error instanceof NonFiniteGradientError) return null;
    throw error;
  }
}
