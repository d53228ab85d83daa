/** Containers: objects whose fields hold tensors and other containers, such as modules. Plans guard the fields of those that they use. */
import { Tensor } from '../tensor.ts';
import { type Snapshot, snapshotsOf } from './snapshot.ts';

const containers = new WeakSet<object>();
let alive: WeakRef<object>[] = [];
/** How many references there may be before those to collected containers are dropped. */
let room = 64;

/** Makes an object a container. Its constructor calls this. */
export function trackContainer(object: object): void {
  if (alive.length >= room) {
    alive = alive.filter((each) => each.deref() !== undefined);
    room = 2 * alive.length + 64;
  }
  alive.push(new WeakRef(object));
  containers.add(object);
}

export function isContainer(value: unknown): boolean {
  return containers.has(value as object);
}

/** Every container that is alive, with its snapshots. */
export type Survey = Map<object, readonly Snapshot[]>;

export function surveyContainers(): Survey {
  const survey: Survey = new Map();
  for (const reference of alive) {
    const container = reference.deref();
    if (container !== undefined) survey.set(container, snapshotsOf(container));
  }
  return survey;
}

/**
 * Snapshots of the containers that something used belongs to: those that hold it, those that hold these, and all that these hold.
 * @param used storages and containers.
 */
export function usedSnapshots(survey: Survey, used: ReadonlySet<unknown>): Snapshot[] {
  const rest = new Map(
    [...survey].map(([container, all]) => [container, all.flatMap((each) => each.values)]),
  );
  const reached = new Set(used);
  const found: Snapshot[] = [];
  for (let before = -1; before < found.length; ) {
    before = found.length;
    for (const [container, values] of rest) {
      const touched = values.some((value) => reached.has(value instanceof Tensor ? value.storage : value));
      if (!touched && !reached.has(container)) continue;
      rest.delete(container);
      reached.add(container);
      for (const value of values) if (containers.has(value as object)) reached.add(value);
      found.push(...(survey.get(container) ?? []));
    }
  }
  return found;
}
