/**
 * Containers: objects whose fields hold tensors and other containers, such as modules. Plans guard
 * the fields of the containers that they use.
 */
import { Tensor } from '../tensor.ts';
import { type Snapshot, snapshotsOf } from './snapshot.ts';

const containers = new WeakSet<object>();
let alive: WeakRef<object>[] = [];
/** Beyond this many references, those to collected containers are removed. */
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

/** All containers that the garbage collector has not collected. */
export function livingContainers(): object[] {
  return alive.flatMap((each) => each.deref() ?? []);
}

/** The living containers with their snapshots. */
export type Survey = Map<object, readonly Snapshot[]>;

export function surveyContainers(): Survey {
  const survey: Survey = new Map();
  for (const container of livingContainers()) {
    try {
      survey.set(container, snapshotsOf(container));
    } catch {
      // A user's getter threw. If the planned function reads it, it throws there as well.
    }
  }
  return survey;
}

/**
 * Snapshots of the containers that a function may have read: those connected with something it
 * used, and those without any tensor, since nothing shows whether the function used them.
 * @param used storages and containers.
 */
export function snapshotsToGuard(survey: Survey, used: ReadonlySet<unknown>): Snapshot[] {
  const values = new Map([...survey].map(([each, all]) => [each, all.flatMap((part) => part.values)]));
  const read = connected(values, (value) => used.has(value instanceof Tensor ? value.storage : value));
  const withTensors = connected(values, (value) => value instanceof Tensor);
  return [...survey].flatMap(([each, all]) => (read.has(each) || !withTensors.has(each) ? all : []));
}

/**
 * Containers that pass `starts` or hold what does, the containers of these, and all that these
 * hold.
 */
function connected(
  values: ReadonlyMap<object, readonly unknown[]>,
  starts: (value: unknown) => boolean,
): ReadonlySet<unknown> {
  const reached = new Set<unknown>();
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const [container, held] of values) {
      const touches = (value: unknown): boolean => reached.has(value) || starts(value);
      if (!touches(container) && !held.some(touches)) continue;
      reached.add(container);
      for (const value of held) if (isContainer(value)) reached.add(value);
    }
  }
  return reached;
}
