/** The linear map x·Wᵀ + b, fused: recurrent nets spend most of their time in it. See docs/decisions/0004-linear.md. */

import { requireFloat } from '../dtype.ts';
import { inNameOf, ShapeError, showShape } from '../errors.ts';
import { record } from '../recorder.ts';
import { runtime } from '../runtime.ts';
import { broadcastStrides, sameShape, sizeOf } from '../shape.ts';
import { shapeOf, stridesOf, type Tensor } from '../tensor.ts';
import { copyStrided, turnedView } from './copy.ts';
import { address, atTopLevel, commonDtype, output, requireTensor } from './launch.ts';
import { matmul, multiply } from './matmul.ts';
import { gather } from './rows.ts';
import { reshape, transpose } from './views.ts';

/**
 * x·Wᵀ, plus a bias or any other tensor. Equal to `x.matmul(weight.transpose()).add(plus)` up to rounding: the sum starts from `plus`.
 * @param x shape [..., I]; or int32 indices [...], each standing for a one-hot vector: the product is then a look-up of W's columns.
 * @param weight shape [O, I], as PyTorch has it. @param plus a bias [O], or a tensor of the result's shape; none unless given.
 * @returns shape [..., O].
 * @throws ShapeError where sizes do not fit.
 * @example h = linear(x, wIh, linear(h, wHh, b)).tanh()
 */
export function linear(x: Tensor, weight: Tensor, plus: Tensor | null = null): Tensor {
  if (requireTensor('linear', x).dtype === 'int32') {
    return inNameOf('linear', () => {
      const columns = gather(transpose(weight), x);
      return plus === null ? columns : columns.add(plus);
    });
  }
  const dtype = commonDtype('linear', x, requireTensor('linear', weight));
  requireFloat('linear', dtype);
  if (weight.rank !== 2 || x.rank === 0 || shapeOf(x)[x.rank - 1] !== shapeOf(weight)[1]) {
    throw new ShapeError(
      `linear: x ${showShape(shapeOf(x))} and weight ${showShape(shapeOf(weight))} came, [..., I] and [O, I] were expected`,
    );
  }
  if (plus === null) return matmul(x, transpose(weight));
  commonDtype('linear', x, requireTensor('linear', plus));
  const shape = shapeOf(x).with(-1, shapeOf(weight)[0]!);
  const bias = plus.rank === 1 && plus._size === shapeOf(weight)[0];
  if (!bias && !sameShape(shapeOf(plus), shape)) {
    throw new ShapeError(
      `linear: ${showShape(shapeOf(plus))} came to be added, a bias [${shapeOf(weight)[0]}] or ${showShape(shape)} was expected`,
    );
  }
  if (x.rank === 2) return primitive(x, weight, plus);
  const rows = sizeOf(shapeOf(x).slice(0, -1));
  const flat = primitive(
    reshape(x, [rows, shapeOf(weight)[1]!]),
    weight,
    bias ? plus : reshape(plus, [rows, shapeOf(weight)[0]!]),
  );
  return reshape(flat, shape);
}

function primitive(x: Tensor, weight: Tensor, plus: Tensor): Tensor {
  return runtime.scope === null ? atTopLevel(() => run(x, weight, plus)) : run(x, weight, plus);
}

function run(x: Tensor, weight: Tensor, plus: Tensor): Tensor {
  const y = output('linear', x._storage.dtype, [shapeOf(x)[0]!, shapeOf(weight)[0]!]);
  copyStrided(
    x._storage.dtype,
    shapeOf(y),
    address(plus),
    broadcastStrides(shapeOf(plus), stridesOf(plus), shapeOf(y)),
    address(y),
    stridesOf(y),
  );
  multiply(x, turnedView(weight), y, true);
  if (runtime.recording) record('linear', [x, weight, plus], null, y);
  return y;
}
