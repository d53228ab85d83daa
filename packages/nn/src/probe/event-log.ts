/** Values recorded at time steps, by name. */
import { type Timestamp, timestampNow } from '../internal/probing.ts';

interface Event<V> {
  readonly at: Timestamp;
  value: V;
}

/**
 * A log of values by name. It is in order of time within each run of a time loop, in either
 * direction; then in order of runs; then, within a step, in order of recording.
 */
export class EventLog<V> {
  readonly #events = new Map<string, Event<V>[]>();

  /** Records a value under each of its names. */
  add(names: readonly string[], value: V): void {
    for (const name of names) {
      const events = this.#events.get(name) ?? [];
      this.#events.set(name, events);
      events.push({ at: timestampNow(), value });
    }
  }

  /** Replaces the value recorded last under each name. */
  replaceLast(names: readonly string[], value: V): void {
    for (const name of names) {
      const last = this.#events.get(name)?.at(-1);
      if (last !== undefined) last.value = value;
    }
  }

  /** Replaces all values of this time step of the running loop. */
  replaceNow(by: (value: V) => V): void {
    const now = timestampNow();
    for (const events of this.#events.values()) {
      for (let i = events.length - 1; i >= 0 && isWithin(events[i]!.at, now); i--)
        events[i]!.value = by(events[i]!.value);
    }
  }

  get empty(): boolean {
    return this.#events.size === 0;
  }

  /** `visit` applied to the values of each name. */
  map<R>(visit: (values: readonly V[], name: string) => R): Readonly<Record<string, R>> {
    const entries = [...this.#events].map(([name, events]) => {
      const sorted = [...events].sort((a, b) => compare(a.at, b.at));
      return [
        name,
        visit(
          sorted.map(({ value }) => value),
          name,
        ),
      ] as const;
    });
    return Object.fromEntries(entries);
  }
}

/** Negative if `a` is earlier; 0 for the same step. */
function compare(a: Timestamp, b: Timestamp): number {
  const at = a.findIndex((each, i) => each !== b[i]);
  return at < 0 || at >= b.length ? a.length - b.length : a[at]! - b[at]!;
}

/** Whether a time is at a time step, or in a loop within it. */
const isWithin = (moment: Timestamp, step: Timestamp): boolean => step.every((each, i) => each === moment[i]);
