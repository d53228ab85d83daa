/** The fields of an object at one time, for comparison with later ones. */
import { describeValue } from '../errors.ts';
import { Parameter } from '../parameter.ts';
import { sameShape } from '../shape.ts';
import { shapeOf, Tensor } from '../tensor.ts';
import { isBranch } from '../tree.ts';

/** The enumerable fields of one object, or the elements of one list. */
export class Snapshot {
  readonly object: object;
  /** In the order of the fields; null for a list. */
  readonly #names: readonly string[] | null;
  readonly values: readonly unknown[];

  constructor(object: object) {
    this.object = object;
    if (isList(object)) {
      this.#names = null;
      this.values = [...elementsOfList(object)];
      return;
    }
    const names: string[] = [];
    for (const name in object) names.push(name);
    this.#names = names;
    this.values = names.map((name) => (object as Record<string, unknown>)[name]);
  }

  /**
   * The first field that was added, removed or replaced, or null.
   * @param used storages whose identity matters. A tensor over another storage may be replaced by
   * one of the same shape and dtype. Null: by none.
   */
  changed(used: ReadonlySet<unknown> | null): string | null {
    const { values } = this;
    const names = this.#names;
    const object = this.object as Record<string, unknown>;
    if (names === null) {
      const list = elementsOfList(this.object as List);
      if (list.length !== values.length) return 'length';
      for (let i = 0; i < values.length; i++) if (!same(values[i], list[i], used)) return String(i);
      return null;
    }
    let i = 0;
    for (const name in object) {
      if (name !== names[i] || !same(values[i], object[name], used)) return names[i] ?? name;
      i++;
    }
    return names[i] ?? null;
  }

  /** As `changed`, as a description for a message. */
  difference(used: ReadonlySet<unknown> | null): string | null {
    const name = this.changed(used);
    return name === null ? null : `${name} of ${describeValue(this.object)}`;
  }
}

/** Snapshots of an object and of all lists and plain objects in it. */
export function snapshotsOf(object: object): Snapshot[] {
  const snapshots: Snapshot[] = [];
  const seen = new Set<object>([object]);
  for (const each of seen) {
    const snapshot = new Snapshot(each);
    snapshots.push(snapshot);
    for (const value of snapshot.values) if (isList(value) || isBranch(value)) seen.add(value);
  }
  return snapshots;
}

type List = readonly unknown[] | ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>;

function isList(value: unknown): value is List {
  return Array.isArray(value) || value instanceof Map || value instanceof Set;
}

function elementsOfList(list: List): readonly unknown[] {
  return Array.isArray(list) ? list : [...(list as Iterable<unknown>)].flat();
}

function same(then: unknown, now: unknown, used: ReadonlySet<unknown> | null): boolean {
  if (Object.is(then, now)) return true;
  return used !== null && then instanceof Tensor && !used.has(then.storage) && compatible(then, now);
}

/**
 * Whether one argument may replace another: a tensor of the same shape and dtype, otherwise the
 * same value.
 */
export function compatible(input: unknown, argument: unknown): boolean {
  if (!(input instanceof Tensor) || input instanceof Parameter) return Object.is(input, argument);
  return (
    argument instanceof Tensor &&
    !(argument instanceof Parameter) &&
    argument.storage.dtype === input.storage.dtype &&
    sameShape(shapeOf(argument), shapeOf(input))
  );
}
