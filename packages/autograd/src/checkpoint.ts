/**
 * Gradient checkpointing: less memory for more time. Chen and others, "Training deep nets with
 * sublinear memory cost", 2016.
 */
import { isFloat, type Tensor, zerosLike } from '@chronograd/tensor';
import {
  address,
  alias,
  contiguous,
  kernelsFor,
  mapTensors,
  type RandomLog,
  record,
  refusePromise,
  requireFunction,
  runtime,
  type Storage,
  segment,
  tensorLeaves,
  withoutRecording,
  withRecorder,
  withRuntime,
} from '@chronograd/tensor/engine';
import { detectAnomaly } from './anomaly.ts';
import { presentContext } from './context.ts';
import { newHandle } from './custom.ts';
import { withRandomLog } from './replay-random.ts';
import { Tape } from './tape.ts';
import { nested, requireSameResults, UsedTensors } from './used-tensors.ts';

/**
 * Runs `fn` without storing its intermediate results. The backward pass runs `fn` again to
 * recompute them. Memory is that of its results; time is that of one more forward pass.
 *
 * - `fn` returns a tensor or a tree (arrays, plain objects) of tensors.
 * - `fn` may use tensors and parameters from outside. They get gradients.
 * - Both runs must compute the same. Draw random numbers inside `replayRandom`.
 * - Outside of gradient computation, `fn` runs normally. Checkpointing saves no memory in
 *   second-order gradients or in a plan.
 * @throws ChronogradError in the backward pass, where the second run of `fn` uses or gives other
 * numbers than the first.
 * @example const h = checkpoint(() => block(x).add(x));
 */
export function checkpoint<R>(fn: () => R): R {
  requireFunction('checkpoint', fn, 'checkpoint(() => …)');
  return new CheckpointSeries().run(fn);
}

const ASYNCHRONOUS =
  'withoutCheckpoints: expected a function that returns when its work is done, got one that returns a promise; await before or after it';

/**
 * Runs `body` with checkpoints disabled: each runs its function once and stores what it computes.
 * Results have the same bits. For recorders and probes, which would see the second run as well.
 * @throws ScopeError for a promise: checkpoints would be enabled again after an `await`.
 */
export function withoutCheckpoints<R>(body: () => R): R {
  requireFunction('withoutCheckpoints', body, 'withoutCheckpoints(() => …)');
  return withRuntime({ checkpoints: false }, () => refusePromise(body(), ASYNCHRONOUS));
}

/**
 * Consecutive checkpoints, such as the segments of a sequence. Gradients of what they share
 * (weights) are added up from the last to the first, as without checkpoints: the same bits, in one
 * buffer.
 */
export class CheckpointSeries {
  /** For each tensor used so far, the handle that the next checkpoint takes as its input. */
  readonly #handles = new Map<Tensor, Tensor>();
  /** Buffers of gradients that one checkpoint passes to the one before it. */
  readonly #carried = new WeakSet<Storage>();

  /** As `checkpoint`. */
  run<R>(fn: () => R): R {
    requireFunction('CheckpointSeries.run', fn, 'series.run(() => …)');
    return nested(() => (runtime.differentiating && runtime.checkpoints ? this.#run(fn) : fn()));
  }

  #run<R>(fn: () => R): R {
    const seen = new UsedTensors();
    const log: RandomLog = { values: [], next: null };
    const inContext = presentContext();
    const first = (): R => {
      const result = withRecorder(seen, () => withRandomLog(log, fn));
      for (const x of tensorsOf(result)) seen.result(x);
      return result;
    };
    const result = withoutRecording(() =>
      segment(() => (runtime.checkAnomalies ? detectAnomaly(first) : first())),
    );
    const floats = seen.takeFloats();
    // A new handle on a tensor is tracked if a tape tracks the tensor.
    const used = floats.filter((x) => newHandle(this.#handleOf(x)).tape !== null);
    const handles = new Map([...tensorsOf(result)].map((x) => [x, alias(x)]));
    const tree = mapTensors('checkpoint', result, (x) => handles.get(x) ?? x) as R;
    const outputs = [...handles.values()].filter((x) => isFloat(x.dtype));
    const next = used.map((x) => alias(x));
    // Parameters without gradients are inputs too: they must not change before the backward pass.
    const inputs = [...used.map((x) => this.#handleOf(x)), ...floats.filter((x) => x.storage.persistent)];
    const [output, ...others] = [...outputs, ...next] as [Tensor, ...Tensor[]];
    if (used.length === 0) return tree;
    used.forEach((x, i) => void this.#handles.set(x, next[i]!));
    const backward = (g: readonly (Tensor | null)[]): (Tensor | null)[] => {
      const again = (): R => inContext(() => withRandomLog({ ...log, next: 0 }, fn));
      const sums = this.#pullBack(again, seen, [...handles.values()], used, g);
      return [...sums, ...inputs.slice(sums.length).map(() => null)];
    };
    record('checkpoint', inputs, { backward }, output, others);
    return tree;
  }

  #handleOf(x: Tensor): Tensor {
    return this.#handles.get(x) ?? x;
  }

  /**
   * Runs the function again on a tape, and its backward pass. Gradients of `used` start from those
   * of later checkpoints, in `g`.
   */
  #pullBack(
    fn: () => unknown,
    seen: UsedTensors,
    first: readonly Tensor[],
    used: readonly Tensor[],
    g: readonly (Tensor | null)[],
  ): (Tensor | null)[] {
    const carried = g.slice(g.length - used.length);
    const body = (): (Tensor | null)[] => {
      const tape = new Tape();
      try {
        for (const x of used) tape.watch(x);
        const again = new UsedTensors();
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
    let own: readonly (Tensor | null)[] = [];
    const sums = segment(() => {
      const taken = body();
      own = taken;
      return taken;
    });
    // A tensor that the segment has moved out belongs to this series. Others may be parameters or
    // tensors from outside.
    sums.forEach((sum, i) => {
      if (sum !== null && sum !== own[i]) this.#carried.add(sum.storage);
    });
    return sums;
  }

  /**
   * A sum, written to the buffer of the later checkpoints if this series owns it: one buffer for
   * all.
   */
  #settled(sum: Tensor, carried: Tensor | null): Tensor {
    if (runtime.differentiating || carried === null || !this.#carried.has(carried.storage)) return sum;
    const { size } = sum;
    if (sum.storage !== carried.storage)
      kernelsFor(sum.dtype).copy(address(contiguous(sum)), size, 1, address(carried), size, 1, 1, size);
    return carried;
  }
}

/** A scalar whose backward gives each of `parts` its cotangent in `g`. */
function joined(parts: readonly Tensor[], g: readonly (Tensor | null)[]): Tensor {
  const end = zerosLike({ shape: [], dtype: parts[0]!.dtype });
  record('custom', parts, { name: 'checkpoint', backward: () => g }, end);
  return end;
}

/** The tensors of a tree, each once. */
function tensorsOf(tree: unknown): Set<Tensor> {
  return new Set(tensorLeaves('checkpoint', tree).map(({ leaf }) => leaf));
}
