/** How ops speak to a plan while it is being recorded. Ops look at `planning` alone, which is null almost always. */

/** Something that records what runs, in order to run it again without the JavaScript around it. */
export interface Planner {
  /** Runs what is no launch: a check of values, random draws. It runs at every replay too, in its place between the launches. */
  host(action: () => void): void;
  /** The same, but the first time only that it comes for this `key`: what need not be looked at twice in one call. */
  hostOnce(key: object, action: () => void): void;
  /** What runs depends on this property: a replay with another value of it would be wrong. */
  assume(object: object, property: string, value: unknown): void;
  /** @throws PlanError: a replay could not do this. */
  refuse(what: string, cure: string): never;
}

/** The plan that is being recorded. */
export let planning: Planner | null = null;

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
