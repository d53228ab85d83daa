/** What was seen at each time step, under its name. */
import { anomaly } from '@chronograd/autograd';

/** Entries in order of time: within each run of a time loop by step, whichever way it went, and run after run. */
class Timeline<E> {
  readonly #runs: Map<number, E>[] = [];
  #last = 0;

  add(entry: E): void {
    let run = this.#runs.at(-1);
    // Outside of a time loop, steps come in the order in which they are called.
    const step = anomaly.step ?? run?.size ?? 0;
    if (run === undefined || run.has(step)) {
      run = new Map();
      this.#runs.push(run);
    }
    run.set(step, entry);
    this.#last = step;
  }

  replaceLast(entry: E): void {
    this.#runs.at(-1)?.set(this.#last, entry);
  }

  entries(): E[] {
    return this.#runs.flatMap((run) => [...run].sort(([a], [b]) => a - b).map(([, entry]) => entry));
  }
}

/** Timelines by name. */
export class Timelines<E> {
  readonly #lines = new Map<string, Timeline<E>>();

  add(name: string, entry: E): void {
    const line = this.#lines.get(name) ?? new Timeline<E>();
    this.#lines.set(name, line);
    line.add(entry);
  }

  /** Puts another entry in the place of the latest one. */
  replaceLast(name: string, entry: E): void {
    this.#lines.get(name)?.replaceLast(entry);
  }

  /** What `of` makes of the entries of each name, in order of time. */
  map<V>(of: (entries: readonly E[]) => V): Readonly<Record<string, V>> {
    return Object.fromEntries([...this.#lines].map(([name, line]) => [name, of(line.entries())]));
  }
}
