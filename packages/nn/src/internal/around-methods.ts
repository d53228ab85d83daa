/** Observing the methods of modules while they run. */
import { Module } from '../module.ts';

/** Runs a method: `run` calls it and returns its result. */
export type AroundMethod = (path: string, method: string, run: () => unknown) => unknown;

type Method = (...args: unknown[]) => unknown;

/** All modules of a model, each with its first path. */
export function firstPlaces(model: Module): readonly (readonly [path: string, module: Module])[] {
  const first = new Map<Module, string>();
  for (const [path, module] of model.namedModules()) if (!first.has(module)) first.set(module, path);
  return [...first].map(([module, path]) => [path, module] as const);
}

/** Runs `body` with `around` in place of each method that modules define below `Module`. */
export function aroundMethods<R>(
  modules: readonly (readonly [path: string, module: Module])[],
  around: AroundMethod,
  body: () => R,
): R {
  const undo = modules.flatMap(([path, module]) => patchMethods(path, module, around));
  try {
    return body();
  } finally {
    // In reverse order: a module in two places is patched twice.
    for (const restore of undo.reverse()) restore();
  }
}

/** @returns functions that undo it. */
function patchMethods(path: string, module: Module, around: AroundMethod): (() => void)[] {
  return methodNames(module).map((name) => {
    const target = module as unknown as Record<string, Method>;
    const method = target[name]!;
    const own = Object.getOwnPropertyDescriptor(module, name);
    Object.defineProperty(module, name, {
      configurable: true,
      value: (...args: unknown[]): unknown => around(path, name, () => method.apply(module, args)),
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
