/** What a function uses that it did not compute itself. */
import { ChronogradError, isFloat, type Tensor } from '@chronograd/tensor';
import {
  address,
  contiguous,
  elementBytes,
  heap,
  type PrimitiveName,
  type Recorder,
  sameShape,
} from '@chronograd/tensor/engine';

/** How many checkpointed functions run at this moment, one inside the other. */
let depth = 0;

/** Runs `body` one deeper. */
export function deeper<R>(body: () => R): R {
  depth++;
  try {
    return body();
  } finally {
    depth--;
  }
}

/**
 * Listens to a run, and tells it from another one. What a checkpoint inside of it does is compared by that one's own: it runs there in another
 * way the second time.
 */
export class Sightings implements Recorder {
  readonly differentiates = false;
  readonly #made = new Set<Tensor>();
  readonly #floats = new Set<Tensor>();
  /** Tensors that lie outside of all scopes, in the order of their use: data, and whatever was drawn. */
  readonly #loose: Tensor[] = [];
  readonly #depth: number = depth;
  #ops = 0;

  record(
    _: PrimitiveName,
    inputs: readonly Tensor[],
    __: unknown,
    output: Tensor,
    others: readonly Tensor[] | null,
  ): void {
    const own = depth === this.#depth;
    if (own) this.#ops++;
    for (let i = 0; i < inputs.length; i++) {
      const x = inputs[i]!;
      if (this.#made.has(x)) continue;
      if (isFloat(x.dtype)) this.#floats.add(x);
      if (own && x.storage.array !== null && this.#loose.at(-1) !== x) this.#loose.push(x);
    }
    this.#made.add(output);
    if (others !== null) for (const other of others) this.#made.add(other);
  }

  beforeWrite(): void {}

  /** A result; where it was not computed it came from outside, too. */
  result(x: Tensor): void {
    if (!this.#made.has(x) && isFloat(x.dtype)) this.#floats.add(x);
  }

  /** The floats that came from outside and are there still, each once. What was made inside is forgotten, so that it can be collected. */
  takeFloats(): readonly Tensor[] {
    const floats = [...this.#floats].filter(({ storage }) => storage.scope?.open !== false);
    this.#floats.clear();
    this.#made.clear();
    return floats;
  }

  /** @throws ChronogradError unless another run did as much as this one, on the same numbers. */
  compare(again: Sightings): void {
    const odd = this.#loose.find((x, i) => !sameNumbers(x, again.#loose[i]));
    if (odd === undefined && this.#ops === again.#ops) return;
    const what =
      odd === undefined ? 'other ops ran' : `other numbers came in a tensor made by ${odd.storage.origin}`;
    throw new ChronogradError(
      `checkpoint: ${what} when the function ran again, so its gradient would be wrong; both runs must do the same: make random tensors in drawnOnce(() => …)`,
    );
  }
}

function sameNumbers(x: Tensor, y: Tensor | undefined): boolean {
  const [a, b] = [x.storage.array, y?.storage.array ?? null];
  if (a === b) return true;
  return a !== null && b !== null && a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** @throws ChronogradError unless a second run has ended with the very numbers of the first, for it may have met others that no tensor held. */
export function requireSameResults(first: readonly Tensor[], again: readonly Tensor[]): void {
  const odd = first.findIndex((x, i) => !sameValues(x, again[i]));
  if (odd < 0 && first.length === again.length) return;
  const origin = (first[odd] ?? again[first.length])?.storage.origin;
  throw new ChronogradError(
    `checkpoint: another result came in a tensor made by ${origin} when the function ran again, so its gradient would be wrong; both runs must do the same: change no number, mode or weight that it uses before the backward pass is over`,
  );
}

function sameValues(x: Tensor, y: Tensor | undefined): boolean {
  if (y === undefined || x.dtype !== y.dtype || !sameShape(x.shape, y.shape)) return false;
  const bytes = elementBytes(x.dtype);
  const [from, to] = [address(contiguous(x)) / bytes, address(contiguous(y)) / bytes];
  const values = heap[x.dtype];
  for (let i = 0; i < x.size; i++) {
    const a = values[from + i]!;
    const b = values[to + i]!;
    // NaN is NaN, whatever its bits.
    if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) return false;
  }
  return true;
}
