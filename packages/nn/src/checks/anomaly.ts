/** Finds NaN and infinity by module path. */
import { detectAnomaly as detect } from '@chronograd/autograd';
import { requireFunction, runtime, withRuntime } from '@chronograd/tensor/engine';
import { type AroundMethod, aroundMethods } from '../internal/around-methods.ts';
import { requireModule } from '../internal/require.ts';
import type { Module } from '../module.ts';

/**
 * Runs `body` and checks every op in it, forward and backward. Errors name the path of the module
 * whose method ran the op.
 * @returns what `body` returns.
 * @throws AnomalyError naming the first op that made a NaN or infinity out of finite numbers, its
 * module path and time step.
 * @example detectAnomaly(model, () => lossAndGrads(x, y, state));
 */
export function detectAnomaly<R>(model: Module, body: () => R): R {
  requireModule('detectAnomaly', model);
  requireFunction('detectAnomaly', body, 'detectAnomaly(model, () => …)');
  return traced(model, () => detect(body));
}

/**
 * Runs `body` while the methods of `model` and its modules report themselves in
 * `runtime.modulePath`.
 */
export function traced<R>(model: Module, body: () => R): R {
  const around: AroundMethod = (path, _, run) =>
    withRuntime({ modulePath: [...runtime.modulePath, path] }, run);
  return aroundMethods(model.namedModules(), around, body);
}
