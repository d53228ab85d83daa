/** The guards of a recording: what it read and may change, compared before each replay. */
import { describeValue } from '../errors.ts';
import { isContainer, type Survey, snapshotsToGuard, surveyContainers } from './containers.ts';
import { type Snapshot, snapshotsOf } from './snapshot.ts';

/** A property that the function read through `guard` of `effects.ts`. */
interface Property {
  readonly object: object;
  readonly name: string;
  readonly value: unknown;
}

export class Guards {
  /** Storages and containers that the function used. */
  readonly used: Set<unknown> = new Set();
  readonly #properties: Property[] = [];
  readonly #named = new Map<object, Set<string>>();
  readonly #snapshots: Snapshot[] = [];
  readonly #trees = new Set<object>();
  /** The containers as they were before the function ran. */
  #before: Survey = surveyContainers();

  /** Guards one property. Only its first value counts. */
  property(object: object, name: string, value: unknown): void {
    if (this.#isNew(object, name)) this.#properties.push({ object, name, value });
  }

  /** The function set a property, which needs no guard after that. */
  written(object: object, name: string): void {
    this.#isNew(object, name);
  }

  #isNew(object: object, name: string): boolean {
    this.used.add(object);
    const names = this.#named.get(object) ?? new Set();
    const before = names.size;
    this.#named.set(object, names.add(name));
    return names.size > before;
  }

  /** Guards the fields of a container, or those that a tree has now. */
  fields(object: object): void {
    if (isContainer(object)) this.used.add(object);
    else if (!this.#trees.has(object)) {
      for (const each of snapshotsOf(object)) {
        if (!this.#trees.has(each.object)) this.#snapshots.push(each);
        this.#trees.add(each.object);
      }
    }
  }

  /**
   * Ends the recording. @returns the description of a field that the function has changed, or null.
   */
  seal(): string | null {
    this.#snapshots.push(...snapshotsToGuard(this.#before, this.used));
    this.#before = new Map();
    return this.#firstDifference(null);
  }

  /** A description of what has changed since the recording, or null. */
  changed(): string | null {
    for (const { object, name, value } of this.#properties) {
      if ((object as Record<string, unknown>)[name] !== value) return `${name} of ${describeValue(object)}`;
    }
    return this.#firstDifference(this.used);
  }

  #firstDifference(used: ReadonlySet<unknown> | null): string | null {
    for (const each of this.#snapshots) {
      const difference = each.difference(used);
      if (difference !== null) return difference;
    }
    return null;
  }
}
