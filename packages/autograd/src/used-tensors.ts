/** The tensors that a function uses and did not compute itself. */
import { ChronogradError, isFloat, type Tensor } from '@chronograd/tensor';
import {
  address,
  contiguous,
  elementBytes,
  heap,
  type PrimitiveName,
  type Recorder,
  runtime,
  sameShape,
  withRuntime,
} from '@chronograd/tensor/engine';

/** Runs `body` as a checkpointed function, inside of those that are running. */
export function nested<R>(body: () => R): R {
  return withRuntime({ checkpointDepth: runtime.checkpointDepth + 1 }, body);
}

/**
 * Records the tensors from outside that a run uses, and compares two runs. A nested checkpoint runs
 * differently the second time, so its ops are not compared here; it compares its own.
 */
export class UsedTensors implements Recorder {
  readonly differentiates = false;
  readonly #made = new Set<Tensor>();
  readonly #floats = new Set<Tensor>();
  /** Host tensors in the order of their use: data and random values. */
  readonly #host: Tensor[] = [];
  readonly #depth: number = runtime.checkpointDepth;
  #ops = 0;

  record(
    _: PrimitiveName,
    inputs: readonly Tensor[],
    __: unknown,
    output: Tensor,
    others: readonly Tensor[] | null,
  ): void {
    const own = runtime.checkpointDepth === this.#depth;
    if (own) this.#ops++;
    for (let i = 0; i < inputs.length; i++) {
      const x = inputs[i]!;
      if (this.#made.has(x)) continue;
      if (isFloat(x.dtype)) this.#floats.add(x);
      if (own && x.storage.array !== null && this.#host.at(-1) !== x) this.#host.push(x);
    }
    this.#made.add(output);
    if (others !== null) for (const other of others) this.#made.add(other);
  }

  beforeWrite(): void {}

  /** Adds a result that was not computed: it is a tensor from outside, too. */
  result(x: Tensor): void {
    if (!this.#made.has(x) && isFloat(x.dtype)) this.#floats.add(x);
  }

  /**
   * The floats from outside whose scope is open, each once. Drops references to all others, so that
   * they can be collected.
   */
  takeFloats(): readonly Tensor[] {
    const floats = [...this.#floats].filter(({ storage }) => storage.scope?.open !== false);
    this.#floats.clear();
    this.#made.clear();
    return floats;
  }

  /**
   * @throws ChronogradError unless another run had as many ops as this one, on the same host
   * tensors.
   */
  compare(again: UsedTensors): void {
    const odd = this.#host.find((x, i) => !sameNumbers(x, again.#host[i]));
    if (odd === undefined && this.#ops === again.#ops) return;
    const what =
      odd === undefined ? 'other ops ran' : `other numbers came in a tensor made by ${odd.storage.origin}`;
    throw new ChronogradError(
      `checkpoint: ${what} when the function ran again, so its gradient would be wrong; both runs must do the same: make random tensors in replayRandom(() => …)`,
    );
  }
}

function sameNumbers(x: Tensor, y: Tensor | undefined): boolean {
  const [a, b] = [x.storage.array, y?.storage.array ?? null];
  if (a === b) return true;
  return a !== null && b !== null && a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/**
 * Finds differences that no host tensor shows.
 * @throws ChronogradError unless a second run gave the same results as the first.
 */
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
    // All NaNs are equal, whatever their bits.
    if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) return false;
  }
  return true;
}
