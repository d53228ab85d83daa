import { AnomalyError, detectAnomaly } from '@chronograd/autograd';

/** The anomaly in a body that should have one. */
export function found(body: () => unknown): AnomalyError {
  try {
    detectAnomaly(body);
  } catch (error) {
    if (error instanceof AnomalyError) return error;
    throw error;
  }
  throw new Error('no anomaly was found');
}
