/** What a recording does with the effects of its function: see `effects.ts`. */

export interface Planner {
  /**
   * Runs `action` now, and at every replay in its place between the launches.
   * @param reads the storages whose elements it reads.
   */
  hostCall(action: () => void, reads: readonly { readonly address: number }[]): void;
  /** Like `hostCall`, but only for the first call with this `key` in a recording. */
  hostCallOnce(key: object, action: () => void): void;
  /** Memory for a result was allocated. */
  allocated(address: number, bytes: number): void;
  /** Storages of random tensors, whose values differ at every replay. */
  readonly random: WeakSet<object>;
  /**
   * Storages and containers that the function has used. Replays guard the fields that hold them.
   */
  readonly used: Set<unknown>;
  /** Guards one property: a replay is right only while it has this value. */
  guard(object: object, property: string, value: unknown): void;
  /** Guards the fields of a container, or those of a tree of tensors. */
  guardFields(object: object): void;
  /** Sets a property, now and at every replay. Later reads of it need no guard. */
  setProperty(object: object, property: string, set: () => void): void;
  /**
   * Gradients of `leaf` are taken. @throws PlanError for an argument: the function sees another
   * tensor than its caller.
   */
  watch(leaf: object): void;
  /** @throws PlanError: a replay could not repeat `what`. */
  unsupported(what: string, cure: string): never;
}
