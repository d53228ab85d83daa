/**
 * The gradient of a parameter before it is added up: the rows that each use at each step
 * contributes, example by example. From here on the examples take turns: rows 0 … B − 1, then the
 * next step.
 */
import { arange, concat, equal, scatterRows, type Tensor, where, zerosLike } from '@chronograd/tensor';
import { addRowsInto, runtime, shapeOf, sizeOf } from '@chronograd/tensor/engine';
import { type Pending, Product, type Target } from '../cotangent.ts';
import type { Examples } from './example-axis.ts';

/** Σ over rows of leftᵀ·right, of one kind of pending cotangent. */
export interface OuterProducts {
  readonly kind: 'product' | 'rows' | 'columns';
  /** Shape [K, M]. */
  readonly left: Tensor;
  /** Shape [K, N], or the K rows of a table, int32, that those of `left` are added to. */
  readonly right: Tensor;
}

/** The rows of a pending cotangent. Null unless each belongs to one example. */
export function outerProductsOf(pending: Pending, examples: Examples): OuterProducts | null {
  if (pending instanceof Product) {
    const left = pending.a.transpose();
    const inner = innerOf(examples, [left, pending.b]);
    if (inner === null) return null;
    const { count } = examples;
    return { kind: 'product', left: inTurn(left, inner, count), right: inTurn(pending.b, inner, count) };
  }
  const { g, indices, transposed } = pending;
  const lead = shapeOf(indices).length;
  const at = examples.axisOf(g);
  if (at === null || at.axis >= lead) return null;
  const K = indices.size;
  const inner = at.inner * sizeOf(shapeOf(indices).slice(at.axis + 1));
  const left = inTurn(g.reshape([K, g.size / K]), inner, examples.count);
  const right = inTurn(indices.reshape([K, 1]), inner, examples.count).reshape([K]);
  return { kind: transposed ? 'columns' : 'rows', left, right };
}

/** The `inner` of the rows of all that have examples. Null if these are elsewhere, or differ. */
function innerOf(examples: Examples, matrices: readonly Tensor[]): number | null {
  let inner: number | null = null;
  for (const x of matrices) {
    if (examples.strideOf(x) === undefined) continue;
    const at = examples.axisOf(x);
    if (at === null || at.axis !== 0 || (inner ?? at.inner) !== at.inner) return null;
    inner = at.inner;
  }
  return inner;
}

/** Rows in blocks of B·inner, with the examples in turn. */
function inTurn(x: Tensor, inner: number, count: number): Tensor {
  if (inner === 1) return x;
  const [K, N] = shapeOf(x) as [number, number];
  const blocks = K / (inner * count);
  return x.reshape([blocks, count, inner, N]).permute([0, 2, 1, 3]).reshape([K, N]);
}

/** All of one kind, as one. */
export function joined(products: readonly OuterProducts[]): OuterProducts {
  const [first] = products as [OuterProducts];
  if (products.length === 1) return first;
  return {
    kind: first.kind,
    left: concat(products.map(({ left }) => left)),
    right: concat(products.map(({ right }) => right)),
  };
}

/** For each example the sum over its rows: shape [B, …target's]. */
export function ofEachExample({ kind, left, right }: OuterProducts, target: Target, count: number): Tensor {
  const shape = shapeOf(target);
  if (kind === 'product') return stepsLast(left, count).matmul(byExample(right, count));
  const table = kind === 'rows' ? shape : shape.toReversed();
  const V = table[0]!;
  // Row r of example b is row b·V + r of one table.
  const first = arange(count, { dtype: 'int32' }).mul(V);
  const places = right
    .reshape([right.size / count, count])
    .add(first)
    .reshape([right.size]);
  const sums = scatter(left, places, count * V).reshape([count, ...table]);
  return kind === 'rows' ? sums : sums.transpose(1, 2);
}

function scatter(g: Tensor, indices: Tensor, rows: number): Tensor {
  if (runtime.differentiating) return scatterRows(g, indices, rows);
  const table = zerosLike({ shape: [rows, shapeOf(g)[1]!], dtype: g.dtype });
  addRowsInto(table, indices, g);
  return table;
}

/**
 * ‖sum over the rows of each example‖², without the sum: Σ (l_s·l_t)·(r_s·r_t) over its rows s and
 * t. Shape [B].
 */
export function squaredNorms({ kind, left, right }: OuterProducts, count: number): Tensor {
  const products = (x: Tensor): Tensor => byExample(x, count).matmul(stepsLast(x, count));
  const ofLeft = products(left);
  if (kind === 'product') return ofLeft.mul(products(right)).sum([1, 2]).relu();
  const rows = right.reshape([right.size / count, count]).transpose();
  return where(equal(rows.unsqueeze(1), rows.unsqueeze(2)), ofLeft, 0)
    .sum([1, 2])
    .relu();
}

/** Whether `squaredNorms` needs fewer multiplications than the sums. */
export function isShort({ kind, left, right }: OuterProducts, count: number): boolean {
  const [K, M] = shapeOf(left) as [number, number];
  if (kind !== 'product') return true;
  const N = shapeOf(right)[1]!;
  return (K / count) * (M + N) < M * N;
}

/** Σ over all rows, each times the weight [B] of its example: the target's shape. */
export function weightedSum({ kind, left, right }: OuterProducts, weights: Tensor, target: Target): Tensor {
  const [K, M] = shapeOf(left) as [number, number];
  const scaled = left
    .reshape([K / weights.size, weights.size, M])
    .mul(weights.unsqueeze(1))
    .reshape([K, M]);
  if (kind === 'product') return scaled.transpose().matmul(right);
  const shape = shapeOf(target);
  const table = kind === 'rows' ? shape : shape.toReversed();
  const sums = scatter(scaled, right, table[0]!).reshape(table);
  return kind === 'rows' ? sums : sums.transpose();
}

/** [K, N] → [B, steps, N]. */
const byExample = (x: Tensor, count: number): Tensor => stepsFirst(x, count).permute([1, 0, 2]);
/** [K, N] → [B, N, steps]. */
const stepsLast = (x: Tensor, count: number): Tensor => stepsFirst(x, count).permute([1, 2, 0]);
const stepsFirst = (x: Tensor, count: number): Tensor =>
  x.reshape([x.size / count / shapeOf(x)[1]!, count, shapeOf(x)[1]!]);
