import { GradcheckError } from '@chronograd/autograd';

/** The error of a gradient check that should fail. */
export function failure(run: () => unknown): GradcheckError {
  try {
    run();
  } catch (error) {
    if (error instanceof GradcheckError) return error;
    throw error;
  }
  throw new Error('the gradient check passed');
}
