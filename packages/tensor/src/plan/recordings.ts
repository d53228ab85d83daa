/** The recordings of one plan, the memory that they keep, and when a new one is worth its time. */
import { freeRegion, type Region } from '../memory/arena.ts';
import { runtime } from '../runtime.ts';
import type { Recording } from './recording.ts';

/** So many recordings are kept whatever memory they take. */
const FEWEST = 8;
/** So many are kept at most. */
const MOST = 64;
/** Beyond `FEWEST`, recordings are kept while all of them take no more bytes than this. */
const MOST_BYTES = 64 * 2 ** 20;
/** So many replays save at least the time that one recording costs. */
const REPLAYS_PER_RECORDING = 4;

/** What a plan has done so far. */
export interface PlanStats {
  /** Calls that recorded the function. */
  readonly recorded: number;
  /** Calls that replayed a recording. */
  readonly replayed: number;
  /** Calls that ran the function itself. */
  readonly unplanned: number;
  /** Why the last new recording was due: what no longer was as recorded. Null while all calls after the first replay. */
  readonly lastMiss: string | null;
}

export class Recordings {
  /** Memory of the recordings that there are: the same set at all times. */
  readonly regions: ReadonlySet<Region>;
  readonly #regions = new Set<Region>();
  /** Used last, first. */
  readonly #recordings: Recording[] = [];
  /** Recordings that may be made now. Replays earn more, up to `FEWEST`. */
  #credit = FEWEST;
  #recorded = 0;
  #replayed = 0;
  #lastMiss: string | null = null;
  unplanned = 0;

  constructor() {
    this.regions = this.#regions;
  }

  get stats(): PlanStats {
    const { unplanned } = this;
    return { recorded: this.#recorded, replayed: this.#replayed, unplanned, lastMiss: this.#lastMiss };
  }

  /** The recording that fits, which from now on counts as used last. */
  take(args: readonly unknown[]): Recording | undefined {
    let miss = 'the arguments: other shapes, dtypes, numbers or objects';
    for (const [i, each] of this.#recordings.entries()) {
      if (!each.accepts(args)) continue;
      const changed = each.changed(args);
      if (changed === null) {
        if (i > 0) this.#recordings.unshift(...this.#recordings.splice(i, 1));
        return each;
      }
      miss = changed;
    }
    if (this.#recorded > 0) this.#lastMiss = miss;
    return undefined;
  }

  /** A replay ran. */
  replayed(): void {
    this.#replayed++;
    this.#credit = Math.min(FEWEST, this.#credit + 1 / REPLAYS_PER_RECORDING);
  }

  /** Whether earlier recordings were reused often enough to pay for a new one. */
  get worthwhile(): boolean {
    return this.#credit >= 1;
  }

  add(recording: Recording): void {
    this.#recorded++;
    this.#credit--;
    this.#recordings.unshift(recording);
    this.#regions.add(recording.region);
    let bytes = 0;
    this.#keep((each, i) => {
      bytes += each.region.bytes;
      return i < FEWEST || (i < MOST && bytes <= MOST_BYTES && each.changed([]) === null);
    });
  }

  /** Gives the memory of all recordings back. */
  clear(): void {
    this.#keep(() => false);
  }

  /** Drops the other recordings, but for those whose results an open scope still holds. */
  #keep(worth: (each: Recording, i: number) => boolean): void {
    // Scopes around a recording look closed to it, whose results may be held all the same.
    if (runtime.planner !== null) return;
    const kept = this.#recordings.filter((each, i) => worth(each, i) || each.held);
    for (const each of this.#recordings) {
      if (kept.includes(each)) continue;
      this.#regions.delete(each.region);
      freeRegion(each.region);
    }
    this.#recordings.splice(0, Infinity, ...kept);
  }
}
