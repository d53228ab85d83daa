/**
 * The lattice of CTC: all alignments of T steps with a sequence of L labels at once. Graves,
 * Fernández, Gomez and Schmidhuber, 2006, section 4.1.
 */
import { arange, concat, full, pad, stack, type Tensor, where, zeros, zerosLike } from '@chronograd/tensor';

/** In place of log 0. With −∞ gradients would have 0·∞, which is NaN. */
export const NEVER = -1e30;

/**
 * The S = 2·L + 1 states of an alignment are a blank, the first label, a blank, the second, and so
 * on. From step to step it stays, moves to the next state, or skips a blank between two labels that
 * differ.
 */
export interface Lattice {
  /** The class of each state: int32 [B, S]. */
  readonly classes: Tensor;
  /** 1 at states where an alignment may begin: the first two. [S]. */
  readonly starts: Tensor;
  /** 1 at states that are reached from two states before: [B, S]. */
  readonly skips: Tensor;
  /** 1 at states where an alignment may end, the last label and the blank after it: [B, S]. */
  readonly ends: Tensor;
  /** The number of steps of each sequence: int32 [B, 1]. Null: all. */
  readonly steps: Tensor | null;
}

/**
 * The lattice of a batch.
 * @param targets int32 [B, L]. @param lengths the number of labels of each: int32 [B, 1], or null
 * for L. @param steps the number of steps of each: int32 [B, 1], or null for all.
 */
export function latticeOf(
  targets: Tensor,
  lengths: Tensor | null,
  steps: Tensor | null,
  blank: number,
): Lattice {
  const [B, L] = targets.shape as [number, number];
  const dtype = 'int32';
  const position = arange(L, { dtype });
  const labels = lengths === null ? targets : where(position.less(lengths), targets, blank);
  const blanks = full([B, L], blank, { dtype });
  const pairs = stack([blanks, labels], 2).reshape([B, 2 * L]);
  const classes = concat([pairs, full([B, 1], blank, { dtype })], 1);
  const differ = L === 0 ? null : classes.slice(null, [2]).notEqual(classes.slice(null, [0, -2]));
  const state = arange(2 * L + 1, { dtype });
  const last = lengths?.mul(2) ?? full([B, 1], 2 * L, { dtype });
  return {
    classes,
    starts: state.less(2),
    skips:
      differ === null
        ? zeros([B, 1], { dtype })
        : pad(differ, [
            [0, 0],
            [2, 0],
          ]),
    ends: state.lessEqual(last).mul(state.greaterEqual(last.sub(1))),
    steps,
  };
}

/**
 * log α: for each step and state the log of the probability of all ways to get there, with what the
 * steps up to there emit.
 * @param emissions the log of the probability of each state's class: T tensors [B, S].
 * @returns T tensors [B, S]. After the last step of a sequence α stays as it was.
 */
export function forwardLogs({ starts, skips, steps }: Lattice, emissions: readonly Tensor[]): Tensor[] {
  let alpha = where(starts, emissions[0]!, NEVER);
  return emissions.map((emission, t) => {
    if (t === 0) return alpha;
    const skipped = where(skips, moved(alpha, 2), NEVER);
    const next = logAdd(alpha, moved(alpha, 1), skipped).add(emission);
    alpha = steps === null ? next : where(steps.greater(t), next, alpha);
    return alpha;
  });
}

/**
 * log β: for each step and state the log of the probability of all ways to go on from there, with
 * what later steps emit.
 * @returns T tensors [B, S].
 */
export function backwardLogs({ skips, ends, steps }: Lattice, emissions: readonly Tensor[]): Tensor[] {
  const last = where(ends, zerosLike(emissions[0]!), NEVER);
  const found = [last];
  for (let t = emissions.length - 1; t > 0; t--) {
    const after = found.at(-1)!.add(emissions[t]!);
    const skipped = moved(where(skips, after, NEVER), -2);
    const beta = logAdd(after, moved(after, -1), skipped);
    found.push(steps === null ? beta : where(steps.greater(t), beta, last));
  }
  return found.reverse();
}

/** The log of the probability of all alignments: [B]. */
export const logProbability = ({ ends }: Lattice, lastAlpha: Tensor): Tensor =>
  where(ends, lastAlpha, NEVER).logSumExp();

/** Values of states [B, S], moved to later states, or to earlier ones for a negative number. */
function moved(x: Tensor, by: number): Tensor {
  const states = x.shape[1]!;
  const width = Math.min(Math.abs(by), states);
  const kept = by > 0 ? x.slice(null, [0, states - width]) : x.slice(null, [width]);
  return pad(kept, [[0, 0], by > 0 ? [width, 0] : [0, width]], NEVER);
}

/** log(eᵃ + eᵇ + eᶜ). */
function logAdd(a: Tensor, b: Tensor, c: Tensor): Tensor {
  const highest = a.maximum(b).maximum(c).detach();
  const [x, y, z] = [a, b, c].map((each) => each.sub(highest).exp()) as [Tensor, Tensor, Tensor];
  return x.add(y).add(z).log().add(highest);
}
