/**
 * The linear map x·Wᵀ + b, fused: recurrent nets spend most of their time in it. See
 * docs/decisions/0004-linear.md.
 */
import { inNameOf, ShapeError, showShape } from '../errors.ts';
import { broadcastStrides, sameShape, sizeOf, withSize } from '../shape.ts';
import { layoutOf, requireTensor, shapeOf, stridesOf, type Tensor } from '../tensor.ts';
import { copyStrided, transposeView } from './copy.ts';
import { primitive } from './define.ts';
import { address, commonFloat, output } from './launch.ts';
import { matmul, multiply } from './matmul.ts';
import { gather } from './rows.ts';
import { reshapeTo, transpose } from './views.ts';

/**
 * x·Wᵀ, plus a bias or another tensor. Equal to `x.matmul(weight.transpose()).add(plus)` up to
 * rounding: the sum starts from `plus`.
 * @param x shape [..., I], or int32 indices [...]. An index means a one-hot vector: the product is
 * then a look-up of W's columns.
 * @param weight shape [O, I], as in PyTorch.
 * @param plus a bias [O], or a tensor of the result's shape. Default: none.
 * @returns shape [..., O].
 * @throws ShapeError where sizes do not fit.
 * @example h = linear(x, wIh, linear(h, wHh, b)).tanh()
 */
export function linear(x: Tensor, weight: Tensor, plus: Tensor | null = null): Tensor {
  if (requireTensor('linear', x)._storage.dtype === 'int32') {
    return inNameOf('linear', () => {
      const columns = gather(transpose(weight), x);
      return plus === null ? columns : columns.add(plus);
    });
  }
  commonFloat('linear', x, weight);
  const from = shapeOf(x);
  const [O, I] = shapeOf(weight) as [number, number];
  if (shapeOf(weight).length !== 2 || from.length === 0 || from[from.length - 1] !== I) {
    throw new ShapeError(
      `linear: expected x [..., I] and weight [O, I], got ${showShape(from)} and ${showShape(shapeOf(weight))}`,
    );
  }
  if (plus === null) return matmul(x, transpose(weight));
  commonFloat('linear', x, plus);
  const bias = shapeOf(plus).length === 1 && plus._size === O;
  const shape = withSize(from, from.length - 1, O);
  if (!bias && !sameShape(shapeOf(plus), shape)) {
    throw new ShapeError(
      `linear: expected a bias [${O}] or ${showShape(shape)} to add, got ${showShape(shapeOf(plus))}`,
    );
  }
  if (from.length === 2) return ofMatrices(x, weight, plus);
  const rows = sizeOf(from.slice(0, -1));
  const flat = ofMatrices(reshapeTo(x, [rows, I]), weight, bias ? plus : reshapeTo(plus, [rows, O]));
  return reshapeTo(flat, shape);
}

const ofMatrices = primitive('linear', 3, (x, weight, plus) => {
  const { dtype } = x._storage;
  const rows = shapeOf(x)[0]!;
  const O = shapeOf(weight)[0]!;
  const y = output('linear', dtype, [rows, O]);
  const plusStrides =
    layoutOf(plus) !== null
      ? broadcastStrides(shapeOf(plus), stridesOf(plus), shapeOf(y))
      : [shapeOf(plus).length === 1 ? 0 : O, 1];
  copyStrided(dtype, shapeOf(y), address(plus), plusStrides, address(y), [O, 1]);
  multiply(x, transposeView(weight), y, true);
  return y;
});
