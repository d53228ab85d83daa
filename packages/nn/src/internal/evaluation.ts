/** Evaluation mode for the duration of a call, without a change of any module. */

let depth = 0;

/** Whether all modules are in evaluation mode, whatever their own mode is. */
export const isEvaluating = (): boolean => depth > 0;

/** Runs `body` with all modules in evaluation mode. */
export function inEvaluation<R>(body: () => R): R {
  depth++;
  try {
    return body();
  } finally {
    depth--;
  }
}
