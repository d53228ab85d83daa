/** To which axis of its output each primitive carries the examples on an axis of an input. */
import type { Tensor } from '@chronograd/tensor';
import { type PrimitiveName, type SliceParams, shapeOf } from '@chronograd/tensor/engine';

/** One input of an op whose examples are on one axis. */
interface Carried {
  /** The index of the input. */
  readonly i: number;
  readonly axis: number;
  /** The number of indices after which all examples have occurred. */
  readonly block: number;
  readonly inputs: readonly Tensor[];
  readonly params: unknown;
  readonly output: Tensor;
}

/** The axis of the output, or NONE; 'order' for an op that keeps the elements in order. */
export type Carry = 'order' | ((carried: Carried) => number);

/** The examples are added up, selected from or reordered. */
const NONE = -1;

const rankOf = (x: Tensor): number => shapeOf(x).length;

/** Axes are aligned from the last on. */
const aligned: Carry = ({ i, axis, inputs, output }) => axis + rankOf(output) - rankOf(inputs[i]!);

const reduced: Carry = ({ axis, params }) =>
  (params as { readonly axes: readonly number[] }).axes.includes(axis) ? NONE : axis;

/** A part of an axis has the same examples if it consists of whole blocks. */
function partly({ axis, block, inputs, params, output }: Carried): boolean {
  const { starts, steps } = params as SliceParams;
  const [from, to] = [shapeOf(inputs[0]!)[axis]!, shapeOf(output)[axis]!];
  return steps[axis] === 1 && starts[axis]! % block === 0 && from % block === 0 && to % block === 0;
}
const part: Carry = (carried) => (partly(carried) ? carried.axis : NONE);

/** Axes: leading ones, rows, columns. `inner` is the one that is summed over. */
const ofProduct =
  (kept: number, inner: number): ((carried: Carried) => number) =>
  ({ i, axis, inputs, output }) => {
    const fromEnd = axis - rankOf(inputs[i]!);
    if (fromEnd === inner) return NONE;
    return rankOf(output) + (fromEnd === kept ? (i === 0 ? -2 : -1) : fromEnd);
  };
const ofLeft = ofProduct(-2, -1);
const ofRight = ofProduct(-1, -2);

/** Rows of logits, probabilities and losses. */
const rowsOnly: Carry = ({ axis }) => (axis === 0 ? 0 : NONE);

/** A primitive that is missing here mixes its examples. */
export const carries: Readonly<Partial<Record<PrimitiveName, Carry>>> = {
  neg: 'order',
  abs: 'order',
  sign: 'order',
  sqrt: 'order',
  exp: 'order',
  expm1: 'order',
  log: 'order',
  log1p: 'order',
  tanh: 'order',
  sigmoid: 'order',
  sin: 'order',
  cos: 'order',
  erf: 'order',
  relu: 'order',
  cast: 'order',
  alias: 'order',
  reshape: 'order',

  add: aligned,
  sub: aligned,
  mul: aligned,
  div: aligned,
  pow: aligned,
  maximum: aligned,
  minimum: aligned,
  equal: aligned,
  notEqual: aligned,
  less: aligned,
  lessEqual: aligned,
  tanhGrad: aligned,
  sigmoidGrad: aligned,
  where: aligned,
  expand: aligned,

  sum: reduced,
  max: reduced,
  min: reduced,

  matmul: (carried) => (carried.i === 0 ? ofLeft(carried) : ofRight(carried)),
  // x·Wᵀ + plus, where a bias has the columns
  linear: (carried) => {
    const { i, axis } = carried;
    if (i === 0) return axis === 0 ? 0 : NONE;
    if (i === 1) return axis === 0 ? 1 : NONE;
    return aligned(carried);
  },

  permute: ({ axis, params }) => (params as { readonly order: readonly number[] }).order.indexOf(axis),
  slice: part,
  pad: part,
  select: ({ axis, params }) => {
    const dropped = (params as { readonly axis: number }).axis;
    return axis === dropped ? NONE : axis > dropped ? axis - 1 : axis;
  },
  flip: reduced,
  concat: ({ axis, block, inputs, params }) => {
    const along = (params as { readonly axis: number }).axis;
    return axis !== along || inputs.every((x) => shapeOf(x)[axis]! % block === 0) ? axis : NONE;
  },
  gather: ({ i, axis, inputs }) => (i === 1 ? axis : axis === 0 ? NONE : axis - 1 + rankOf(inputs[1]!)),
  scatterRows: ({ i, axis, inputs }) => {
    const lead = rankOf(inputs[1]!);
    return i === 1 || axis < lead ? NONE : axis - lead + 1;
  },
  crossEntropyGrad: rowsOnly,
};
