/** Evaluation mode for the duration of a call, without a change of any module. */
import { runtime, withRuntime } from '@chronograd/tensor/engine';

/** Whether all modules are in evaluation mode, whatever their own mode is. */
export const isEvaluating = (): boolean => runtime.evaluating;

/** Runs `body` with all modules in evaluation mode. */
export function inEvaluation<R>(body: () => R): R {
  return withRuntime({ evaluating: true }, body);
}
