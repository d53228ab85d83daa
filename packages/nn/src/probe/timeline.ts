/** What was seen at each time step, under its name. */
import { type Timestamp, timestampNow } from '../internal/probing.ts';

interface Entry<E> {
  readonly at: Timestamp;
  seen: E;
}

/** What was seen, by name: in order of time within each run of a time loop, whichever way it went; run after run; and at one step as it came. */
export class Timelines<E> {
  readonly #lines = new Map<string, Entry<E>[]>();

  add(name: string, seen: E): void {
    const line = this.#lines.get(name) ?? [];
    this.#lines.set(name, line);
    line.push({ at: timestampNow(), seen });
  }

  /** Puts something else in the place of what was seen last. */
  replaceLast(name: string, seen: E): void {
    const last = this.#lines.get(name)?.at(-1);
    if (last !== undefined) last.seen = seen;
  }

  /** Replaces all that was seen at this time step of the running loop. */
  replaceNow(by: (seen: E) => E): void {
    const now = timestampNow();
    for (const line of this.#lines.values()) {
      for (let i = line.length - 1; i >= 0 && isWithin(line[i]!.at, now); i--)
        line[i]!.seen = by(line[i]!.seen);
    }
  }

  get empty(): boolean {
    return this.#lines.size === 0;
  }

  /** What `of` makes of each name. */
  map<V>(of: (seen: readonly E[], name: string) => V): Readonly<Record<string, V>> {
    return Object.fromEntries(
      [...this.#lines].map(([name, line]) => [
        name,
        of(
          [...line].sort((a, b) => compare(a.at, b.at)).map(({ seen }) => seen),
          name,
        ),
      ]),
    );
  }
}

/** Below 0 for the earlier one first; 0 for the same step. */
function compare(a: Timestamp, b: Timestamp): number {
  const at = a.findIndex((each, i) => each !== b[i]);
  return at < 0 || at >= b.length ? a.length - b.length : a[at]! - b[at]!;
}

/** Whether a moment is at a time step, or in a loop within it. */
const isWithin = (timestamp: Timestamp, step: Timestamp): boolean =>
  step.every((each, i) => each === timestamp[i]);
