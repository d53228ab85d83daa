/** The modules that are alive, so that `checkTraining` can tell what a part of a model is a part of. */
import type { Module } from './module.ts';

let modules: WeakRef<Module>[] = [];
let most = 256;

/** Notes a new module. */
export function enroll(module: Module): void {
  if (modules.length >= most) {
    modules = modules.filter((each) => each.deref() !== undefined);
    most = Math.max(256, 2 * modules.length);
  }
  modules.push(new WeakRef(module));
}

/** All modules that have not been collected. */
export function livingModules(): Module[] {
  return modules.flatMap((each) => each.deref() ?? []);
}
