/** How ops speak to a plan while it is being recorded. Ops look at `planning` alone, which is null almost always. */
import type { Tensor } from '../tensor.ts';

/** Something that records what runs, in order to run it again without the JavaScript around it. */
export interface Planner {
  /** Runs what is no launch: a check of values, random draws. It runs at every replay too, in its place between the launches. */
  host(action: () => void): void;
  /** The same, but the first time only that it comes for this `key`: what need not be looked at twice in one call. */
  hostOnce(key: object, action: () => void): void;
  /** Storages of random tensors, whose values are others at every replay. */
  readonly drawn: WeakSet<object>;
  /** Storages and containers that the function has used: replays guard the fields that hold them. */
  readonly used: Set<unknown>;
  /** Guards one property: a replay with another value of it would be wrong. */
  assume(object: object, property: string, value: unknown): void;
  /** Sets a property, now and at every replay: what is read of it afterwards needs no guard. */
  write(object: object, property: string, set: () => void): void;
  /** Guards the fields of a container, or those of a tree of tensors. */
  guard(object: object): void;
  /** Gradients of `leaf` are taken. @throws PlanError for an argument: inside, it is another tensor than outside. */
  watched(leaf: Tensor): void;
  /** @throws PlanError: a replay could not do this. */
  refuse(what: string, cure: string): never;
}

/** The plan that is being recorded. */
export let planning: Planner | null = null;

/** Whether plans run their functions as they are, for now. */
export let replaysOff = false;

/** Runs `body` without replays: what it has changed for a while, such as a module's parameters, no recording knows. */
export function withoutReplays<R>(body: () => R): R {
  const before = replaysOff;
  replaysOff = true;
  try {
    return body();
  } finally {
    replaysOff = before;
  }
}

/** Runs `body` under a planner, or under none. */
export function withPlanner<R>(planner: Planner | null, body: () => R): R {
  const before = planning;
  planning = planner;
  try {
    return body();
  } finally {
    planning = before;
  }
}
