/** Real-valued series: rows are time steps, columns are features. */
import { ShapeError, Tensor, tensor, ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, showShape } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { checkThat, requireSize } from '../internal/require.ts';

/** A series of N time steps: [N] for one feature, or [N, F] as a list of rows or a tensor. */
export type Series =
  | Tensor
  | Float64Array
  | Float32Array
  | readonly number[]
  | readonly (readonly number[])[];

/** A series as numbers: row by row, N·F. */
export interface Table {
  readonly values: Float64Array;
  readonly rows: number;
  readonly features: number;
}

/**
 * The numbers of a series. @param finite whether other numbers are errors.
 * @throws ValueError for anything else, for rows of different lengths, and for a number that is not
 * finite. ShapeError for a tensor of another rank.
 */
export function tableOf(op: string, series: Series, finite: boolean): Table {
  const table = series instanceof Tensor ? ofTensor(op, series) : ofNumbers(op, series);
  const odd = finite ? table.values.findIndex((value) => !Number.isFinite(value)) : -1;
  if (odd < 0) return table;
  const [row, column] = [Math.floor(odd / table.features), odd % table.features];
  throw new ValueError(
    `${op}: expected finite numbers, got ${table.values[odd]} in row ${row}, column ${column}; fill it in, or leave the row out`,
  );
}

function ofTensor(op: string, series: Tensor): Table {
  const [rows = 0, features = 1] = series.shape;
  if (series.rank === 1 || series.rank === 2)
    return { values: Float64Array.from(series.toTypedArray()), rows, features };
  throw new ShapeError(`${op}: expected a series [N] or [N, F], got ${showShape(series.shape)}`);
}

function ofNumbers(op: string, series: unknown): Table {
  if (series instanceof Float64Array || series instanceof Float32Array)
    return { values: Float64Array.from(series), rows: series.length, features: 1 };
  if (!Array.isArray(series))
    throw new ValueError(
      `${op}: expected a series (a Float64Array, a list of numbers, a list of rows, a tensor), got ${describeValue(series)}`,
    );
  const features = Array.isArray(series[0]) ? series[0].length : null;
  const values = new Float64Array(series.length * (features ?? 1));
  for (let i = 0; i < series.length; i++) {
    const row = features === null ? [series[i]] : series[i];
    if (!Array.isArray(row) || row.length !== (features ?? 1))
      throw new ValueError(
        `${op}: expected rows of ${features} numbers, got ${Array.isArray(row) ? `${row.length} numbers` : describeValue(row)} in row ${i}`,
      );
    for (let k = 0; k < row.length; k++) {
      if (typeof row[k] !== 'number')
        throw new ValueError(`${op}: expected numbers, got ${describeValue(row[k])} in row ${i}`);
      values[i * row.length + k] = row[k];
    }
  }
  return { values, rows: series.length, features: features ?? 1 };
}

/** Numbers as a series of the same kind as `like`: a tensor, a typed array, or lists. */
export function seriesLike<S extends Series>(like: S, { values, rows, features }: Table): S;
export function seriesLike(like: Series, { values, rows, features }: Table): Series {
  if (like instanceof Tensor)
    return tensor(values, { shape: like.rank === 1 ? [rows] : [rows, features], dtype: like.dtype });
  if (like instanceof Float64Array) return values;
  if (like instanceof Float32Array) return Float32Array.from(values);
  if (!Array.isArray(like[0])) return [...values];
  return Array.from({ length: rows }, (_, i) => [...values.subarray(i * features, (i + 1) * features)]);
}

/** Options of `splitByTime`. */
export interface SplitOptions {
  /** A share of the rows below 1, or a number of rows from 1 on. Default: 0. */
  readonly validation?: number;
  /** A share of the rows below 1, or a number of rows from 1 on: the end. Default: 0. */
  readonly test?: number;
  /**
   * Rows before validation and test that these also begin with: the inputs of their first window.
   * Default: 0.
   */
  readonly context?: number;
}

/** A series in three parts, each of the kind of the whole. */
export interface Split<S> {
  readonly training: S;
  readonly validation: S;
  readonly test: S;
}

const SPLIT: OptionKeys<SplitOptions> = { validation: true, test: true, context: true };
const requirePart = checkThat(
  'a share below 1 or a whole number of rows',
  (x) => typeof x === 'number' && x >= 0 && (x < 1 || Number.isSafeInteger(x)),
);

/**
 * Splits a series by time: the start is for training, then validation, then test. Nothing is
 * shuffled, so no part sees its future. A share is rounded down to whole rows.
 * @throws ValueError if nothing is left for training, or `context` is longer than it.
 * @example splitByTime(series, { validation: 0.1, test: 365 })
 */
export function splitByTime<S extends Series>(series: S, options: SplitOptions): Split<S> {
  const op = 'splitByTime';
  const given = requireOptions(op, options, '{ validation: 0.1, test: 0.1 }', SPLIT);
  const { validation = 0, test = 0, context = 0 } = given;
  requirePart(op, 'validation', validation);
  requirePart(op, 'test', test);
  requireSize(op, 'context', context);
  const { values, rows, features } = tableOf(op, series, false);
  const count = (part: number): number => (part < 1 ? Math.floor(rows * part) : part);
  const testFrom = rows - count(test);
  const validationFrom = testFrom - count(validation);
  if (validationFrom < 1)
    throw new ValueError(
      `${op}: expected rows for training, got ${rows} rows with ${count(validation)} for validation and ${count(test)} for test`,
    );
  if (context > validationFrom)
    throw new ValueError(
      `${op}: expected a context of at most the ${validationFrom} rows before validation, got ${context}`,
    );
  const part = (from: number, to: number): S =>
    seriesLike(series, { values: values.slice(from * features, to * features), rows: to - from, features });
  return {
    training: part(0, validationFrom),
    validation: part(validationFrom - context, testFrom),
    test: part(testFrom - context, rows),
  };
}
