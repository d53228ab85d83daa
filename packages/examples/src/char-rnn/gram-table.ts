/**
 * A trie of grams in flat arrays. A node is a number; node 0 is the empty gram, and the child of a
 * node by a character is the gram extended by it. Open addressing on (parent, character): a Map
 * would cost several times as much at a million characters.
 */
export class GramTable {
  #parents = new Int32Array(1 << 12);
  #characters = new Int32Array(1 << 12);
  /** The node in each slot, 0 if the slot is empty: the empty gram is not a child. */
  #slots = new Int32Array(1 << 13);
  #size = 1;

  /** The number of nodes, including the empty gram. */
  get size(): number {
    return this.#size;
  }

  /** The gram `parent` followed by `character`, or −1 if it never occurred. */
  find(parent: number, character: number): number {
    const node = this.#slots[this.#slot(parent, character)] ?? 0;
    return node === 0 ? -1 : node;
  }

  /** As {@link find}, but adds a new gram. Its number is the `size` before the call. */
  intern(parent: number, character: number): number {
    const slot = this.#slot(parent, character);
    const known = this.#slots[slot] ?? 0;
    if (known !== 0) return known;
    const node = this.#size++;
    if (node === this.#parents.length) this.#enlarge();
    this.#parents[node] = parent;
    this.#characters[node] = character;
    this.#slots[this.#slot(parent, character)] = node;
    return node;
  }

  /** The slot of a gram, or the empty slot for it. At least half are empty, so the loop ends. */
  #slot(parent: number, character: number): number {
    const mask = this.#slots.length - 1;
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(character + 1, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const node = this.#slots[slot] as number;
      if (node === 0) return slot;
      if (this.#parents[node] === parent && this.#characters[node] === character) return slot;
    }
  }

  #enlarge(): void {
    const room = this.#parents.length * 2;
    this.#parents = copyInto(new Int32Array(room), this.#parents);
    this.#characters = copyInto(new Int32Array(room), this.#characters);
    this.#slots = new Int32Array(room * 2);
    for (let node = 1; node < this.#size - 1; node++) {
      this.#slots[this.#slot(this.#parents[node] as number, this.#characters[node] as number)] = node;
    }
  }
}

function copyInto(target: Int32Array<ArrayBuffer>, source: Int32Array): Int32Array<ArrayBuffer> {
  target.set(source);
  return target;
}
