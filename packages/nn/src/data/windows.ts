/** Windows of a series for training. */
import { type FloatDtype, ShapeError, type Tensor, tensor, ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, showShape } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import {
  isWhole,
  requireBoolean,
  requireCount,
  requireFloatDtype,
  requireOneOf,
} from '../internal/require.ts';
import type { Dataset } from './loader.ts';
import { type Series, type Table, tableOf } from './series.ts';

/** Options of `windows`. */
export interface WindowsOptions {
  /** T, the time steps of the inputs. */
  readonly steps: number;
  /** How far ahead the targets are. Default: 1. */
  readonly horizon?: number;
  /** From the start of a window to the start of the next. Default: 1. */
  readonly stride?: number;
  /**
   * 'after': the `horizon` rows after the inputs. 'shifted': one target for each step, the row
   * `horizon` steps later. Default: 'after'.
   */
  readonly targets?: 'after' | 'shifted';
  /** The columns of the targets. Default: all. */
  readonly targetColumns?: readonly number[];
  /** Batches are [B, T, F] and not [T, B, F]. Default: false. */
  readonly batchFirst?: boolean;
  /** Default: 'float32'. */
  readonly dtype?: FloatDtype;
}

const WINDOWS: OptionKeys<WindowsOptions> = {
  steps: true,
  horizon: true,
  stride: true,
  targets: true,
  targetColumns: true,
  batchFirst: true,
  dtype: true,
};
const requireTargets = requireOneOf('after', 'shifted');

/**
 * Windows of a series, as Keras's `timeseries_dataset_from_array`. Window i starts at row i·stride.
 * Its inputs are `steps` rows. Its targets end `horizon` rows after the inputs.
 * @param series N rows of F features. Its numbers are copied.
 * @throws ShapeError if the series is shorter than `steps` + `horizon`. ValueError for a number
 * that is not finite.
 * @example
 * const data = windows(series, { steps: 24, horizon: 6 });
 * const loader = new DataLoader(data, { batch: 32, random });
 * const [inputs, targets] = loader.next().value; // [24, 32, F] and [6, 32, F]
 */
export function windows(series: Series, options: WindowsOptions): Windows {
  const op = 'windows';
  const given = requireOptions(op, options, '{ steps: 24 }', WINDOWS);
  const { steps, horizon = 1, stride = 1, targets = 'after', batchFirst = false, dtype } = given;
  for (const [name, value] of Object.entries({ steps, horizon, stride })) requireCount(op, name, value);
  requireTargets(op, 'targets', targets);
  requireBoolean(op, 'batchFirst', batchFirst);
  requireFloatDtype(op, dtype);
  const table = tableOf(op, series, true);
  if (table.rows < steps + horizon)
    throw new ShapeError(
      `${op}: expected at least ${steps + horizon} rows for ${steps} steps and a horizon of ${horizon}, got ${table.rows}`,
    );
  const every = Array.from({ length: table.features }, (_, k) => k);
  const columns = given.targetColumns ?? every;
  if (!Array.isArray(columns) || columns.length === 0 || !columns.every((k) => every.includes(k)))
    throw new ValueError(
      `${op}: expected columns from 0 to ${table.features - 1} for targetColumns, got ${Array.isArray(columns) ? showShape(columns) : describeValue(columns)}`,
    );
  return new Windows(table, {
    steps,
    stride,
    ahead: targets === 'shifted' ? horizon : steps,
    targetSteps: targets === 'shifted' ? steps : horizon,
    length: Math.floor((table.rows - steps - horizon) / stride) + 1,
    layout: { columns: [...columns], batchFirst, dtype: dtype ?? 'float32' },
    every,
  });
}

interface Layout {
  readonly columns: readonly number[];
  readonly batchFirst: boolean;
  readonly dtype: FloatDtype;
}

interface Shape {
  readonly steps: number;
  readonly stride: number;
  /** From the first row of the inputs to the first of the targets. */
  readonly ahead: number;
  readonly targetSteps: number;
  readonly length: number;
  readonly layout: Layout;
  readonly every: readonly number[];
}

/** The windows that `windows` makes: a data set for `DataLoader`. */
export class Windows implements Dataset<[inputs: Tensor, targets: Tensor]> {
  readonly #table: Table;
  readonly #shape: Shape;

  constructor(table: Table, shape: Shape) {
    this.#table = table;
    this.#shape = shape;
  }

  /** The number of windows. */
  get length(): number {
    return this.#shape.length;
  }

  /**
   * The windows with these indices as a batch: inputs [T, B, F], targets [horizon, B, F], or
   * [T, B, F] if they are 'shifted'.
   * @throws ValueError for an index out of range.
   */
  at(indices: readonly number[]): [inputs: Tensor, targets: Tensor] {
    const { steps, ahead, targetSteps, layout, every } = this.#shape;
    if (!Array.isArray(indices) || !indices.every((i) => isWhole(i) && i < this.length))
      throw new ValueError(
        `at: expected a list of indices from 0 to ${this.length - 1}, got ${Array.isArray(indices) ? showShape(indices) : describeValue(indices)}`,
      );
    return [
      this.#rows(indices, 0, steps, { ...layout, columns: every }),
      this.#rows(indices, ahead, targetSteps, layout),
    ];
  }

  #rows(indices: readonly number[], from: number, steps: number, layout: Layout): Tensor {
    const { columns, batchFirst, dtype } = layout;
    const { values, features } = this.#table;
    const [B, F] = [indices.length, columns.length];
    const batch = new Float64Array(B * steps * F);
    for (let b = 0; b < B; b++) {
      const first = indices[b]! * this.#shape.stride + from;
      for (let t = 0; t < steps; t++) {
        const at = (batchFirst ? b * steps + t : t * B + b) * F;
        for (let k = 0; k < F; k++) batch[at + k] = values[(first + t) * features + columns[k]!]!;
      }
    }
    return tensor(batch, { shape: batchFirst ? [B, steps, F] : [steps, B, F], dtype });
  }
}
