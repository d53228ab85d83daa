/** What a cell draws once for a whole run over time, such as a mask for all steps. */
import { replayRandom } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import { retain, runtime, withRuntime } from '@chronograd/tensor/engine';

/** The draws of one cell over one sequence. `Recurrent` makes one for each run of a cell. */
export class SequenceDraws {
  /** Whether the cell projects the inputs of all steps, [T, B, …], before the loop. */
  projecting = true;
  /** Of checkpoints around the loop, which repeat it as a whole. Its own ones repeat some steps. */
  readonly #logs = runtime.randomLogs;
  readonly #drawn = new Map<object, Map<string, Tensor>>();
  readonly #computed = new Map<object, Map<Tensor, Tensor>>();

  /** The tensor of that name of a cell: drawn at its first use. */
  drawn(cell: object, name: string, draw: () => Tensor): Tensor {
    const known = this.#drawn.get(cell)?.get(name);
    if (known !== undefined) return known;
    // In a checkpoint of the loop the mask outlives the steps, which find it when they run again.
    // Checkpoints around the loop repeat the draw.
    const own = withRuntime({ randomLogs: this.#logs }, () => replayRandom(draw));
    const made = this.#isOutside() ? own : retain(own);
    entryOf(this.#drawn, cell).set(name, made);
    return made;
  }

  /** What a cell computes of `x`: once, unless a checkpoint of the loop would free it. */
  computed(cell: object, x: Tensor, compute: () => Tensor): Tensor {
    const known = this.#computed.get(cell)?.get(x);
    if (known !== undefined) return known;
    const made = compute();
    if (this.#isOutside()) entryOf(this.#computed, cell).set(x, made);
    return made;
  }

  /** Whether the loop's own checkpoints are not running, neither first nor again. */
  #isOutside(): boolean {
    return runtime.randomLogs === this.#logs;
  }
}

/** The draws of the running loop. Null outside of loops: each step is a separate sequence. */
export function presentSequence(): SequenceDraws | null {
  return runtime.sequence as SequenceDraws | null;
}

function entryOf<K, V>(entries: Map<object, Map<K, V>>, key: object): Map<K, V> {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const made = new Map<K, V>();
  entries.set(key, made);
  return made;
}
