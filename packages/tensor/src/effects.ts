/**
 * Effects: what a computation does besides launching kernels, such as reading a flag or filling an
 * array. Code states each effect here and need not know of plans. Normally an effect just happens.
 * While a plan records its function, the recording repeats it at every replay, guards it, or
 * refuses it.
 */
import { runtime } from './runtime.ts';

/**
 * Runs JavaScript that reads or writes memory. A plan runs it again at every replay.
 * @param reads the storages whose elements it reads. A plan reuses the memory of others.
 */
export function hostCall(action: () => void, reads: readonly { readonly address: number }[]): void {
  if (runtime.planner === null) action();
  else runtime.planner.hostCall(action, reads);
}

/** Like `hostCall`. A plan repeats only the first call with this `key`. */
export function hostCallOnce(key: object, action: () => void): void {
  if (runtime.planner === null) action();
  else runtime.planner.hostCallOnce(key, action);
}

/** Like `hostCall`, for an action that fills `storage` with random numbers. */
export function hostDraw(storage: object, action: () => void): void {
  hostCall(action, []);
  runtime.planner?.random.add(storage);
}

/** Something that a replay cannot repeat. @throws PlanError while a plan is recorded. */
export function unsupported(what: string, cure: string): void {
  runtime.planner?.unsupported(what, cure);
}

/**
 * A property was read whose value decides what is computed. After a change, a plan makes a new
 * recording.
 */
export function guard(object: object, property: string, value: unknown): void {
  runtime.planner?.guard(object, property, value);
}

/** The fields of a module or a tree were read. After a change, a plan makes a new recording. */
export function guardFields(object: object): void {
  runtime.planner?.guardFields(object);
}

/** Sets a property that `guard` guards. A plan sets it again at every replay. */
export function setGuarded(object: object, property: string, set: () => void): void {
  if (runtime.planner === null) set();
  else runtime.planner.setProperty(object, property, set);
}

/**
 * Gradients of `leaf` will be taken. @throws PlanError for an argument of the plan that is being
 * recorded.
 */
export function watchLeaf(leaf: object): void {
  runtime.planner?.watch(leaf);
}
