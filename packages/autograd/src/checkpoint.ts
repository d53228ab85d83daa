/** Gradient checkpointing: less memory for more time. Chen and others, "Training deep nets with sublinear memory cost", 2016. */
import { isFloat, type Tensor, zerosLike } from '@chronograd/tensor';
import {
  address,
  alias,
  contiguous,
  kernelsFor,
  mapTensors,
  type Primitives,
  record,
  refusePromise,
  requireFunction,
  runtime,
  type Storage,
  segment,
  tensorLeaves,
  withoutRecording,
  withRecorder,
} from '@chronograd/tensor/engine';
import { anomaly, detectAnomaly } from './anomaly.ts';
import { newHandle } from './custom.ts';
import { type Draws, withDraws } from './drawn-once.ts';
import { deeper, requireSameResults, Sightings } from './sightings.ts';
import { surroundings } from './surroundings.ts';
import { Tape } from './tape.ts';

/**
 * What `fn` returns; but of what it computes on the way nothing is kept. Where gradients are taken, the backward pass runs it again. So
 * memory is that of its results, and time that of one more forward pass.
 *
 * `fn` may use tensors and parameters from outside: they get their gradients. It must do the same in both runs; random numbers belong in
 * `drawnOnce`. It returns a tensor or a tree (arrays, plain objects) of tensors. Outside of a differentiated function it simply runs; and
 * so it does, the second time, where a gradient is itself differentiated, which then saves no memory. Nor does it save some in a plan.
 * @throws ChronogradError in the backward pass, where `fn` meets other numbers than in its first run.
 * @example const h = checkpoint(() => block(x).add(x));
 */
export function checkpoint<R>(fn: () => R): R {
  requireFunction('checkpoint', fn, 'checkpoint(() => …)');
  return new CheckpointSeries().run(fn);
}

let resting = false;
const ASYNCHRONOUS =
  'withoutCheckpoints: expected a function that returns when its work is done, got one that returns a promise; await before or after it';

/**
 * Runs `body` with checkpoints at rest: each runs its function once, and keeps what it computes. The same bits come out. For whoever listens to a
 * run, and would hear the second one as well.
 * @throws ScopeError for a promise: after an `await` checkpoints would be back.
 */
export function withoutCheckpoints<R>(body: () => R): R {
  requireFunction('withoutCheckpoints', body, 'withoutCheckpoints(() => …)');
  const before = resting;
  resting = true;
  try {
    return refusePromise(body(), ASYNCHRONOUS);
  } finally {
    resting = before;
  }
}

/**
 * Checkpoints one after another, such as the segments of a sequence. Gradients of what they share (weights) add up from the last to the
 * first, as they do without checkpoints: the same bits, in one buffer.
 */
export class CheckpointSeries {
  /** For each tensor that was used so far, the handle by which the next checkpoint is to know it. */
  readonly #handles = new Map<Tensor, Tensor>();
  /** Buffers of gradients on their way from one checkpoint to the one before. */
  readonly #carried = new WeakSet<Storage>();

  /** As `checkpoint`. */
  run<R>(fn: () => R): R {
    requireFunction('CheckpointSeries.run', fn, 'series.run(() => …)');
    return deeper(() => (runtime.differentiating && !resting ? this.#run(fn) : fn()));
  }

  #run<R>(fn: () => R): R {
    const seen = new Sightings();
    const draws: Draws = { kept: [], next: null };
    const around = surroundings();
    const first = (): R => {
      const result = withRecorder(seen, () => withDraws(draws, fn));
      for (const x of tensorsOf(result)) seen.result(x);
      return result;
    };
    const result = withoutRecording(() => segment(() => (anomaly.watching ? detectAnomaly(first) : first())));
    const floats = seen.takeFloats();
    // Another handle on it is tracked where a tape follows the tensor itself.
    const used = floats.filter((x) => newHandle(this.#handleOf(x)).tape !== null);
    const handles = new Map([...tensorsOf(result)].map((x) => [x, alias(x)]));
    const tree = mapTensors('checkpoint', result, (x) => handles.get(x) ?? x) as R;
    const outputs = [...handles.values()].filter((x) => isFloat(x.dtype));
    const next = used.map((x) => alias(x));
    // Parameters that nobody asks gradients of must stay as they are, too.
    const inputs = [...used.map((x) => this.#handleOf(x)), ...floats.filter((x) => x.storage.persistent)];
    const [output, ...others] = [...outputs, ...next] as [Tensor, ...Tensor[]];
    if (used.length === 0) return tree;
    used.forEach((x, i) => void this.#handles.set(x, next[i]!));
    const backward = (g: readonly (Tensor | null)[]): (Tensor | null)[] => {
      const again = (): R => around(() => withDraws({ ...draws, next: 0 }, fn));
      const sums = this.#pullBack(again, seen, [...handles.values()], used, g);
      return [...sums, ...inputs.slice(sums.length).map(() => null)];
    };
    // One entry with several outputs: its rule gets a cotangent for each, or null.
    const params = { name: 'checkpoint', backward: backward as unknown as Backward };
    record('custom', inputs, params, output, others);
    return tree;
  }

  #handleOf(x: Tensor): Tensor {
    return this.#handles.get(x) ?? x;
  }

  /** Runs the function again, on a tape, and walks back from its results; what is carried of the gradients of `used` comes first. */
  #pullBack(
    fn: () => unknown,
    seen: Sightings,
    first: readonly Tensor[],
    used: readonly Tensor[],
    g: readonly (Tensor | null)[],
  ): (Tensor | null)[] {
    const carried = g.slice(g.length - used.length);
    const body = (): (Tensor | null)[] => {
      const tape = new Tape();
      try {
        for (const x of used) tape.watch(x);
        const again = new Sightings();
        const end = withRecorder(tape, () => {
          const results = [...tensorsOf(withRecorder(again, fn))];
          seen.compare(again);
          requireSameResults(first, results);
          return joined([...results.filter((x) => isFloat(x.dtype)), ...used], g);
        });
        const sums = tape.backward(end, zerosLike(end), used);
        return sums.map((sum, i) => (sum === undefined ? null : this.#settled(sum, carried[i] ?? null)));
      } finally {
        tape.close();
      }
    };
    // Under an outer tape all of it must stay, to be differentiated in its turn; in a plan, to be repeated.
    let own: readonly (Tensor | null)[] = [];
    const sums = segment(() => {
      const taken = body();
      own = taken;
      return taken;
    });
    // What the segment has moved out is nobody else's; what it has not may be a parameter, or another's tensor.
    sums.forEach((sum, i) => {
      if (sum !== null && sum !== own[i]) this.#carried.add(sum.storage);
    });
    return sums;
  }

  /** A sum in the buffer that was carried here, where it is this series' own: one buffer for all checkpoints. */
  #settled(sum: Tensor, carried: Tensor | null): Tensor {
    if (runtime.differentiating || carried === null || !this.#carried.has(carried.storage)) return sum;
    const { size } = sum;
    if (sum.storage !== carried.storage)
      kernelsFor(sum.dtype).copy(address(contiguous(sum)), size, 1, address(carried), size, 1, 1, size);
    return carried;
  }
}

type Backward = Primitives['custom']['params']['backward'];

/** An end from which the walk starts: it sends `g` to `parts`, as it is. */
function joined(parts: readonly Tensor[], g: readonly (Tensor | null)[]): Tensor {
  const end = zerosLike({ shape: [], dtype: parts[0]!.dtype });
  record('custom', parts, { name: 'checkpoint', backward: () => g }, end);
  return end;
}

/** The tensors of a tree, each once. */
function tensorsOf(tree: unknown): Set<Tensor> {
  return new Set(tensorLeaves('checkpoint', tree).map(({ leaf }) => leaf));
}
