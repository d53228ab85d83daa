/**
 * Frozen lists of numbers. Equal lists share one copy, so that a list is rarely copied and frozen again: freezing
 * takes as long as a small op. Tensors hold their shape and strides this way, and nobody can change them.
 */
type Numbers = readonly number[];

const SLOTS = 1024;

/** A table of frozen lists with one slot per hash. A list that takes another's slot replaces it. */
export class Interned<L extends Numbers> {
  readonly #slots: (L | null)[] = new Array<L | null>(SLOTS).fill(null);
  readonly #make: (list: Numbers, what: string) => L;

  /** @param make checks a list that is not in the table, and returns a frozen copy. `what` is for its errors. */
  constructor(make: (list: Numbers, what: string) => L) {
    this.#make = make;
  }

  /** The frozen list with these elements. */
  get(list: Numbers, what: string): L {
    let hash = list.length;
    for (let i = 0; i < list.length; i++) hash = mix(hash, list[i]!);
    const slot = slotOf(hash);
    const found = this.#slots[slot]!;
    if (found !== null && sameNumbers(found, list)) return found;
    return this.#add(slot, list, what);
  }

  /** The frozen list [a, b], without making one to look it up. */
  pair(a: number, b: number, what: string): L {
    const slot = slotOf(mix(mix(2, a), b));
    const found = this.#slots[slot]!;
    if (found !== null && found.length === 2 && found[0] === a && found[1] === b) return found;
    return this.#add(slot, [a, b], what);
  }

  #add(slot: number, list: Numbers, what: string): L {
    const made = this.#make(list, what);
    this.#slots[slot] = made;
    return made;
  }
}

function mix(hash: number, value: number): number {
  return (Math.imul(hash, 31) + value) | 0;
}

function slotOf(hash: number): number {
  return (hash ^ (hash >>> 10)) & (SLOTS - 1);
}

export function sameNumbers(a: Numbers, b: Numbers): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
