/** The recordings of one plan, and the memory that they keep. */
import { freeRegion, type Region } from '../memory/arena.ts';
import { planning } from './planner.ts';
import type { Recording } from './recording.ts';

/** Kinds of arguments that one plan keeps a recording for; past it, the one that was used longest ago gives way. */
const MOST_RECORDINGS = 8;

export class Recordings {
  /** Memory of the recordings that there are: the same set at all times. */
  readonly regions: ReadonlySet<Region>;
  readonly #regions = new Set<Region>();
  /** Used last, first. */
  readonly #recordings: Recording[] = [];

  constructor() {
    this.regions = this.#regions;
  }

  /** The recording that fits, which from now on counts as used last. */
  take(args: readonly unknown[]): Recording | undefined {
    const at = this.#recordings.findIndex((each) => each.fits(args));
    if (at > 0) this.#recordings.unshift(...this.#recordings.splice(at, 1));
    return at < 0 ? undefined : this.#recordings[0];
  }

  add(recording: Recording): void {
    this.#recordings.unshift(recording);
    this.#regions.add(recording.region);
    this.release(MOST_RECORDINGS);
  }

  /** Gives back the memory of all but the first `keep` recordings; not of those whose results an open scope still holds. */
  release(keep: number): void {
    // Scopes around a recording look closed to it, whose results may be held all the same.
    if (planning !== null) return;
    for (const each of this.#recordings.splice(keep)) {
      if (each.held) {
        this.#recordings.push(each);
      } else {
        this.#regions.delete(each.region);
        freeRegion(each.region);
      }
    }
  }
}
