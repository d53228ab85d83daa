/** The recordings of one plan, their memory, and the decision to make a new one. */
import { freeRegion, type Region } from '../memory/arena.ts';
import { runtime } from '../runtime.ts';
import type { Recording } from './recording.ts';

/** This many recordings are kept, whatever memory they take. */
const FEWEST = 8;
/** At most this many are kept. */
const MOST = 64;
/** Beyond `FEWEST`, recordings are kept while all together take at most this many bytes. */
const MOST_BYTES = 64 * 2 ** 20;
/** This many replays save at least the time of one recording. */
const REPLAYS_PER_RECORDING = 4;

/** Counts of a plan's calls. */
export interface PlanStats {
  /** Calls that recorded the function. */
  readonly recorded: number;
  /** Calls that replayed a recording. */
  readonly replayed: number;
  /** Calls that ran the function itself. */
  readonly unplanned: number;
  /**
   * What had changed when the last new recording was made. Null while all calls after the first
   * replay.
   */
  readonly lastMiss: string | null;
}

export class Recordings {
  /** Memory of the present recordings: always the same set object. */
  readonly regions: ReadonlySet<Region>;
  readonly #regions = new Set<Region>();
  /** Most recently used first. */
  readonly #recordings: Recording[] = [];
  /** How many recordings may be made. Replays add to it, up to `FEWEST`. */
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

  /** The recording that matches the arguments and guards. It becomes the most recently used. */
  take(args: readonly unknown[]): Recording | undefined {
    let miss = 'the arguments: other shapes, dtypes, numbers or objects';
    for (let i = 0; i < this.#recordings.length; i++) {
      const each = this.#recordings[i]!;
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

  /** Whether earlier recordings were replayed often enough to pay for a new one. */
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

  /** Frees the memory of all recordings. */
  clear(): void {
    this.#keep(() => false);
  }

  /** Drops the other recordings, except those whose results an open scope holds. */
  #keep(worth: (each: Recording, i: number) => boolean): void {
    // While a plan is recorded, the scopes around it are marked closed, but their results are in
    // use.
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
