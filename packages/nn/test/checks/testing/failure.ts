import { CellLawError } from '../../../src/checks/testing/index.ts';

/** The error of a check that should fail. */
export function failure(check: () => unknown): CellLawError {
  try {
    check();
  } catch (error) {
    if (error instanceof CellLawError) return error;
    throw error;
  }
  throw new Error('the law held');
}
