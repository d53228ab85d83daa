/** Features with mean 0 and standard deviation 1. */
import { ShapeError, Tensor, tensor, ValueError } from '@chronograd/tensor';
import { describeValue, showShape } from '@chronograd/tensor/engine';
import { requireObject } from '../internal/options.ts';
import { requireFloat } from '../internal/require.ts';
import { type Series, seriesLike, type Table, tableOf } from './series.ts';

/** What a scaler is: also its form in JSON. */
export interface ScalerStatistics {
  /** The mean of each feature. */
  readonly mean: readonly number[];
  /** The standard deviation of each feature, over N. 0 for a constant feature. */
  readonly std: readonly number[];
}

/**
 * Scales each feature to mean 0 and standard deviation 1, and back, as scikit-learn's
 * `StandardScaler`. Fit it on the training part alone. A constant feature becomes 0 in that part.
 * The statistics are constants: no gradient flows to them.
 * @example
 * const scaler = StandardScaler.fit(training);
 * const scaled = scaler.transform(training);
 * const again = new StandardScaler(JSON.parse(JSON.stringify(scaler)));
 */
export class StandardScaler implements ScalerStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];

  /** @throws ValueError unless there is a finite mean and std for each feature. */
  constructor(statistics: ScalerStatistics) {
    const op = 'StandardScaler';
    requireObject(op, statistics, '{ mean, std }', 'the statistics');
    const { mean, std } = statistics;
    for (const [name, list] of Object.entries({ mean, std })) {
      const low = name === 'std' ? 0 : -Infinity;
      if (!Array.isArray(list) || list.length === 0 || !list.every((x) => Number.isFinite(x) && x >= low))
        throw new ValueError(
          `${op}: expected a list of finite numbers${low === 0 ? ' from 0 on' : ''} for ${name}, got ${describeValue(list)}; StandardScaler.fit(series) computes them`,
        );
    }
    if (mean.length !== std.length)
      throw new ValueError(
        `${op}: expected as many std as mean, got ${std.length} std and ${mean.length} mean`,
      );
    this.mean = [...mean];
    this.std = [...std];
  }

  /**
   * The scaler of a series. Sums are in float64.
   * @throws ValueError for a series without a row, and for a number that is not finite.
   */
  static fit(series: Series): StandardScaler {
    const { values, rows, features } = tableOf('fit', series, true);
    if (rows === 0 || features === 0) throw new ValueError('fit: expected at least one row and one feature');
    const columns = Array.from({ length: features }, (_, k) => statisticsOf(values, k, features, rows));
    return new StandardScaler({
      mean: columns.map(({ mean }) => mean),
      std: columns.map(({ std }) => std),
    });
  }

  /**
   * (x − mean) / std, of the same kind as `x`. Tensors have F as their last axis, in any shape, and
   * their gradient flows through.
   * @throws ShapeError for another number of features. DtypeError for an int32 tensor.
   */
  transform<S extends Series>(x: S): S;
  transform(x: Series): Series {
    if (x instanceof Tensor) {
      const [mean, std] = this.#tensors('transform', x);
      return x.sub(mean).div(std);
    }
    return this.#map('transform', x, (value, mean, std) => (value - mean) / std);
  }

  /** x·std + mean: the inverse of `transform`. @throws as `transform`. */
  inverseTransform<S extends Series>(x: S): S;
  inverseTransform(x: Series): Series {
    if (x instanceof Tensor) {
      const [mean, std] = this.#tensors('inverseTransform', x);
      return x.mul(std).add(mean);
    }
    return this.#map('inverseTransform', x, (value, mean, std) => value * std + mean);
  }

  #tensors(op: string, x: Tensor): [mean: Tensor, std: Tensor] {
    const { dtype } = requireFloat(op, x);
    const features = this.mean.length;
    if (features !== 1 && x.shape[x.rank - 1] !== features)
      throw new ShapeError(`${op}: expected a tensor […, ${features}], got ${showShape(x.shape)}`);
    const [mean, std] = [this.mean, this.std.map(divisor)];
    return features === 1
      ? [tensor(mean[0]!, { dtype }), tensor(std[0]!, { dtype })]
      : [tensor(mean, { dtype }), tensor(std, { dtype })];
  }

  #map(op: string, x: Series, f: (value: number, mean: number, std: number) => number): Series {
    const table: Table = tableOf(op, x, false);
    const { values, features } = table;
    if (features !== this.mean.length && table.rows > 0)
      throw new ShapeError(`${op}: expected ${this.mean.length} features, got ${features}`);
    const mapped = values.map((value, i) =>
      f(value, this.mean[i % features]!, divisor(this.std[i % features]!)),
    );
    return seriesLike(x, { ...table, values: mapped });
  }
}

const divisor = (std: number): number => (std === 0 ? 1 : std);

/** Of column k, in two passes. The mean of equal numbers is that number, whatever their sum. */
function statisticsOf(values: Float64Array, k: number, features: number, rows: number) {
  let sum = 0;
  let constant = true;
  for (let i = k; i < values.length; i += features) {
    sum += values[i]!;
    constant &&= values[i] === values[k];
  }
  if (constant) return { mean: values[k]!, std: 0 };
  const mean = sum / rows;
  let squares = 0;
  for (let i = k; i < values.length; i += features) squares += (values[i]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / rows) };
}
