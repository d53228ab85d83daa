/** The data of synthetic tasks that need memory. */
import { type Random, type Tensor, tensor } from '@chronograd/tensor';

/** `adding`: add two marked numbers among T. `copy`: repeat three symbols after T blank steps. */
export type TaskName = 'adding' | 'copy';

/** What problems are drawn for. */
export interface ProblemConfig {
  readonly task: TaskName;
  /** T: the number of steps to remember. */
  readonly distance: number;
  readonly batch: number;
}

/** Symbols of `copy`, to which a blank and a mark are added. */
export const SYMBOLS = 4;
/** Symbols that `copy` repeats. */
export const COPIED = 3;

/** A batch of inputs and targets. */
export interface Problem {
  readonly inputs: Tensor;
  readonly targets: Tensor;
}

/** `adding`: inputs [T, B, 2], targets [B, 1]; `copy`: inputs [T + 6, B], targets [3, B]. */
export function problemOf(config: ProblemConfig, random: Random): Problem {
  return config.task === 'adding' ? adding(config, random) : copy(config, random);
}

/**
 * Hochreiter and Schmidhuber, 1997: numbers in 0 … 1, one marked in each half. The target is their
 * sum.
 */
function adding({ distance, batch }: ProblemConfig, random: Random): Problem {
  const inputs = new Float32Array(distance * batch * 2);
  const targets = new Float32Array(batch);
  for (let i = 0; i < distance * batch; i++) inputs[2 * i] = random.uniform();
  const half = Math.floor(distance / 2);
  for (let b = 0; b < batch; b++) {
    for (const t of [random.integer(half), half + random.integer(distance - half)]) {
      const at = 2 * (t * batch + b);
      inputs[at + 1] = 1;
      targets[b]! += inputs[at]!;
    }
  }
  return {
    inputs: tensor(inputs, { shape: [distance, batch, 2] }),
    targets: tensor(targets, { shape: [batch, 1] }),
  };
}

/**
 * The same authors' copy task: three of four symbols, T − 1 blanks, a go mark, then the symbols
 * again.
 */
function copy({ distance, batch }: ProblemConfig, random: Random): Problem {
  const steps = distance + 2 * COPIED;
  const inputs = new Int32Array(steps * batch).fill(SYMBOLS);
  const targets = new Int32Array(COPIED * batch);
  for (let i = 0; i < COPIED * batch; i++) {
    targets[i] = random.integer(SYMBOLS);
    inputs[i] = targets[i]!;
  }
  inputs.fill(SYMBOLS + 1, (COPIED + distance - 1) * batch, (COPIED + distance) * batch);
  return {
    inputs: tensor(inputs, { shape: [steps, batch] }),
    targets: tensor(targets, { shape: [COPIED, batch] }),
  };
}
