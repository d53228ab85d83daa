/** Finds NaN and infinity by module path. */
import { detectAnomaly as detect } from '@chronograd/autograd';
import { requireFunction, runtime, withRuntime } from '@chronograd/tensor/engine';
import { requireModule } from '../internal/require.ts';
import { Module } from '../module.ts';

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
  const undo = model.namedModules().flatMap(([path, module]) => traceMethods(path, module));
  try {
    return body();
  } finally {
    // In reverse order: a module in two places is patched twice.
    for (const restore of undo.reverse()) restore();
  }
}

type Method = (...args: unknown[]) => unknown;

/** Patches a module's methods to report their path. @returns functions that undo it. */
function traceMethods(path: string, module: Module): (() => void)[] {
  return methodNames(module).map((name) => {
    const target = module as unknown as Record<string, Method>;
    const method = target[name]!;
    const own = Object.getOwnPropertyDescriptor(module, name);
    Object.defineProperty(module, name, {
      configurable: true,
      value: (...args: unknown[]): unknown => {
        const modulePath = [...runtime.modulePath, path];
        return withRuntime({ modulePath }, () => method.apply(module, args));
      },
    });
    return () => {
      if (own === undefined) delete target[name];
      else Object.defineProperty(module, name, own);
    };
  });
}

/** Methods that a module's classes define below `Module`. */
function methodNames(module: Module): string[] {
  const names = new Set<string>();
  for (
    let prototype: object = Object.getPrototypeOf(module);
    prototype !== Module.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (typeof value === 'function' && name !== 'constructor') names.add(name);
    }
  }
  return [...names];
}
