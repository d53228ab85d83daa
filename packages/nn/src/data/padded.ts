/** Sequences of different lengths as padded batches. */
import { type FloatDtype, Tensor, tensor, ValueError } from '@chronograd/tensor';
import { describeValue, inNameOf, type OptionKeys, showShape, showValue } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { isWhole, requireBoolean, requireFloatDtype } from '../internal/require.ts';
import { DataLoader, type Dataset, LOADER, type LoaderOptions } from './loader.ts';
import { tableOf } from './series.ts';

/**
 * A sequence: indices [T] as an Int32Array or an int32 tensor. Or values: [T, F] as rows or a float
 * tensor, [T] as a Float32Array or Float64Array for one feature.
 */
export type Sequence = Int32Array | Float32Array | Float64Array | Tensor | readonly (readonly number[])[];

/** Options of `paddedBatches`. */
export interface PaddedOptions extends LoaderOptions {
  /** One target for each sequence: a class. Or a sequence of its length: one for each step. */
  readonly targets?: Int32Array | Float32Array | Float64Array | readonly Sequence[];
  /**
   * The number of groups of similar lengths, or the largest length of each group, ascending. All
   * batches of a group have its largest length as T, so few shapes occur. Default: no groups, and T
   * is the largest length of the batch.
   */
  readonly buckets?: number | readonly number[];
  /** The input at padded steps. Default: 0. */
  readonly paddingValue?: number;
  /** The target at padded steps. Default: -100, which `crossEntropy` ignores, and 0 for values. */
  readonly targetPadding?: number;
  /**
   * Whether batches have lengths. Without them a plan records once for each T, as it sees tensors
   * alone. Default: true.
   */
  readonly lengths?: boolean;
  /** Batches are [B, T] and not [T, B]. Default: false. */
  readonly batchFirst?: boolean;
  /** Of values and of the mask. Default: 'float32'. */
  readonly dtype?: FloatDtype;
}

/** A padded batch. Padding is at the end. */
export interface PaddedBatch {
  /** int32 [T, B], or float [T, B, F]. */
  readonly inputs: Tensor;
  /** [B], or [T, B] or [T, B, F] for one target each step. Without `targets`: shape [0]. */
  readonly targets: Tensor;
  /** Real steps of each sequence, for `Recurrent` as `{ lengths }`. Empty with `lengths: false`. */
  readonly lengths: readonly number[];
  /** Float [T, B]: 1 at real steps, 0 at padded ones. For losses, and for `Recurrent`. */
  readonly mask: Tensor;
}

const PADDED: OptionKeys<PaddedOptions> = {
  ...LOADER,
  targets: true,
  buckets: true,
  paddingValue: true,
  targetPadding: true,
  lengths: true,
  batchFirst: true,
  dtype: true,
};

/**
 * Batches of sequences of different lengths. Each is one argument of the loss.
 * @throws ValueError for sequences of different kinds, for targets that do not fit, and for a
 * sequence longer than the largest bucket.
 * @example
 * const loader = paddedBatches(names, { batch: 32, targets: classes, buckets: 4, random });
 * const { inputs, lengths, targets } = loader.next().value[0];
 * const { state } = recurrent.forward(inputs, undefined, { lengths });
 * const loss = crossEntropy(decoder.forward(state), targets);
 */
export function paddedBatches(
  sequences: readonly Sequence[],
  options: PaddedOptions,
): DataLoader<[batch: PaddedBatch]> {
  const op = 'paddedBatches';
  const given = requireOptions(op, options, '{ batch: 32 }', PADDED);
  const { batch, random, dropLast, targets, batchFirst = false, dtype = 'float32' } = given;
  requireBoolean(op, 'batchFirst', batchFirst);
  const withLengths = given.lengths ?? true;
  requireBoolean(op, 'lengths', withLengths);
  requireFloatDtype(op, dtype);
  const layout = { batchFirst, dtype };
  const inputs = new Rows(op, 'sequences', sequences, { ...layout, padding: given.paddingValue ?? 0 });
  const lengths = inputs.lengths;
  const padding = given.targetPadding ?? null;
  const labels = targets === undefined ? null : targetsOf(op, targets, lengths, { ...layout, padding });
  const bounds = boundsOf(op, given.buckets, lengths);
  const dataset: Dataset<[batch: PaddedBatch]> = {
    length: lengths.length,
    groups: bounds?.map((bound, k) => indicesWhere(lengths, (n) => n <= bound && n > (bounds[k - 1] ?? -1))),
    at(indices) {
      const real = indices.map((i) => lengths[i]!);
      const longest = Math.max(...real);
      const steps = bounds?.find((bound) => bound >= longest) ?? longest;
      const shape = batchFirst ? [real.length, steps] : [steps, real.length];
      const mask = Float64Array.from({ length: steps * real.length }, (_, at) => {
        const [t, b] = batchFirst
          ? [at % steps, Math.floor(at / steps)]
          : [Math.floor(at / real.length), at % real.length];
        return t < real[b]! ? 1 : 0;
      });
      return [
        {
          inputs: inputs.pad(indices, steps),
          targets: labels?.(indices, steps) ?? tensor(new Float32Array(0)),
          lengths: withLengths ? real : [],
          mask: tensor(mask, { shape, dtype }),
        },
      ];
    },
  };
  const own = { batch, ...(random && { random }), ...(dropLast !== undefined && { dropLast }) };
  return inNameOf(op, () => new DataLoader(dataset, own));
}

interface RowsOptions {
  readonly batchFirst: boolean;
  readonly dtype: FloatDtype;
  /** Null: -100 for indices, 0 for values. */
  readonly padding: number | null;
}

/** Sequences of one kind, row by row. */
class Rows {
  readonly lengths: readonly number[];
  readonly #values: readonly ArrayLike<number>[];
  /** Null: indices. */
  readonly #features: number | null;
  readonly #options: RowsOptions;

  constructor(op: string, name: string, sequences: readonly Sequence[], options: RowsOptions) {
    if (!Array.isArray(sequences) || sequences.length === 0)
      throw new ValueError(
        `${op}: expected a list of sequences for ${name}, got ${describeValue(sequences)}`,
      );
    const tables = Array.from(sequences, (each, i) => read(op, `${name}[${i}]`, each));
    this.#features = tables[0]!.features;
    const odd = tables.findIndex(({ features }) => features !== this.#features);
    if (odd >= 0)
      throw new ValueError(
        `${op}: expected ${kind(this.#features)} in all of ${name}, got ${kind(tables[odd]!.features)} in ${name}[${odd}]`,
      );
    this.#values = tables.map(({ values }) => values);
    this.lengths = this.#values.map(({ length }) => length / (this.#features ?? 1));
    this.#options = options;
  }

  pad(indices: readonly number[], steps: number): Tensor {
    const { batchFirst, dtype, padding } = this.#options;
    const [B, F] = [indices.length, this.#features ?? 1];
    const out = new Float64Array(B * steps * F).fill(padding ?? (this.#features === null ? -100 : 0));
    for (let b = 0; b < B; b++) {
      const values = this.#values[indices[b]!]!;
      for (let i = 0; i < values.length; i++) {
        const [t, k] = [Math.floor(i / F), i % F];
        out[(batchFirst ? b * steps + t : t * B + b) * F + k] = values[i]!;
      }
    }
    const shape = batchFirst ? [B, steps] : [steps, B];
    return this.#features === null
      ? tensor(Int32Array.from(out), { shape })
      : tensor(out, { shape: [...shape, F], dtype });
  }
}

function read(op: string, name: string, sequence: Sequence) {
  if (sequence instanceof Int32Array) return { values: sequence, features: null };
  if (sequence instanceof Tensor && sequence.dtype === 'int32' && sequence.rank === 1)
    return { values: sequence.toTypedArray(), features: null };
  if (Array.isArray(sequence) && typeof sequence[0] === 'number')
    throw new ValueError(
      `${op}: expected indices or values, got a list of numbers for ${name}; write Int32Array.of(…) for indices, Float32Array.of(…) for values`,
    );
  const { values, features } = tableOf(op, sequence, true);
  return { values, features };
}

const kind = (features: number | null): string =>
  features === null ? 'indices' : `values of ${features} ${features === 1 ? 'feature' : 'features'}`;

/** Makes the targets of a batch. */
function targetsOf(
  op: string,
  targets: NonNullable<PaddedOptions['targets']>,
  lengths: readonly number[],
  options: RowsOptions,
): (indices: readonly number[], steps: number) => Tensor {
  const count = targets?.length;
  if (count !== lengths.length)
    throw new ValueError(
      `${op}: expected ${lengths.length} targets, one for each sequence, got ${showValue(count)}`,
    );
  if (targets instanceof Int32Array) return (indices) => tensor(Int32Array.from(indices, (i) => targets[i]!));
  if (targets instanceof Float32Array || targets instanceof Float64Array)
    return (indices) =>
      tensor(
        Float64Array.from(indices, (i) => targets[i]!),
        { dtype: options.dtype },
      );
  const rows = new Rows(op, 'targets', targets, options);
  const odd = rows.lengths.findIndex((length, i) => length !== lengths[i]);
  if (odd >= 0)
    throw new ValueError(
      `${op}: expected targets as long as their sequences, got ${rows.lengths[odd]} steps for ${lengths[odd]} in targets[${odd}]`,
    );
  return (indices, steps) => rows.pad(indices, steps);
}

/** The largest length of each bucket that has a sequence, ascending; undefined for no buckets. */
function boundsOf(
  op: string,
  buckets: number | readonly number[] | undefined,
  lengths: readonly number[],
): readonly number[] | undefined {
  if (buckets === undefined) return undefined;
  const sorted = [...lengths].sort((a, b) => a - b);
  const count = Array.isArray(buckets) ? buckets.length : buckets;
  if (!isWhole(count) || count === 0)
    throw new ValueError(
      `${op}: expected a whole number from 1 on or a list for buckets, got ${showValue(buckets)}`,
    );
  if (!Array.isArray(buckets))
    return [
      ...new Set(
        Array.from({ length: count }, (_, k) => sorted[Math.ceil(((k + 1) * sorted.length) / count) - 1]!),
      ),
    ];
  if (!buckets.every((bound, k) => isWhole(bound) && bound > (buckets[k - 1] ?? -1)))
    throw new ValueError(`${op}: expected ascending lengths for buckets, got ${showShape(buckets)}`);
  const longest = sorted.at(-1)!;
  if (longest > buckets.at(-1)!)
    throw new ValueError(
      `${op}: expected sequences of at most ${buckets.at(-1)} steps, the largest bucket, got one of ${longest}`,
    );
  return buckets;
}

function indicesWhere(lengths: readonly number[], holds: (length: number) => boolean): number[] {
  return lengths.flatMap((length, i) => (holds(length) ? [i] : []));
}
