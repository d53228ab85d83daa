import { expect, test } from 'vitest';
import {
  concat,
  dot,
  gather,
  linear,
  oneHot,
  outer,
  scatterRows,
  softmaxCrossEntropy,
  stack,
  tensor,
  where,
  zeros,
} from '../../src/index.ts';
import { messages } from './messages.ts';

const x = zeros([2, 3]);
const indices = (...values: number[]) => tensor(values, { dtype: 'int32' });

test('Shapes that do not fit are named, both of them, with the axis and the cure', () => {
  expect(
    messages({
      'x.add(zeros([4]))': () => x.add(zeros([4])),
      'x.matmul(zeros([4, 3]))': () => x.matmul(zeros([4, 3])),
      'x.matmul(zeros([2, 3]))': () => x.matmul(zeros([2, 5])),
      'x.matmul(zeros([7, 5]))': () => x.matmul(zeros([7, 5])),
      'x.matmul(zeros([]))': () => x.matmul(zeros([])),
      'zeros([2, 2, 3]).matmul(zeros([3, 3, 4]))': () => zeros([2, 2, 3]).matmul(zeros([3, 3, 4])),
      'linear(x, zeros([3, 4]))': () => linear(x, zeros([3, 4])),
      'linear(x, zeros([4, 3]), zeros([5]))': () => linear(x, zeros([4, 3]), zeros([5])),
      'where(zeros([4]), x, 0)': () => where(zeros([4]), x, 0),
      'outer(x, x)': () => outer(x, x),
      'dot(x, zeros([3, 2]))': () => dot(x, zeros([3, 2])),
      'concat([])': () => concat([]),
      'stack([, x])': () => stack([undefined, tensor([1])] as never),
      'concat(x)': () => concat(x as never),
      'concat([x, zeros([3, 4])])': () => concat([x, zeros([3, 4])]),
      'stack([x, zeros([3, 2])])': () => stack([x, zeros([3, 2])]),
      'gather(zeros([]), indices(0))': () => gather(zeros([]), indices(0)),
      'gather(x, indices(0, 2))': () => gather(x, indices(0, 2)),
      'gather(zeros([0, 3]), indices(0))': () => gather(zeros([0, 3]), indices(0)),
      'scatterRows(x, indices(0), 4)': () => scatterRows(x, indices(0), 4),
      'scatterRows(x, indices(0, 1), -1)': () => scatterRows(x, indices(0, 1), -1),
      'oneHot(indices(3), 3)': () => oneHot(indices(3), 3),
      'oneHot(indices(0), 2.5)': () => oneHot(indices(0), 2.5),
      'softmaxCrossEntropy(x, indices(0))': () => softmaxCrossEntropy(x, indices(0)),
      'softmaxCrossEntropy(x, indices(0, 3))': () => softmaxCrossEntropy(x, indices(0, 3)),
      'softmaxCrossEntropy(zeros([1, 0]), indices(0))': () => softmaxCrossEntropy(zeros([1, 0]), indices(0)),
      'zeros([0]).max()': () => zeros([0]).max(),
      'zeros([2, 0]).argmax(1)': () => zeros([2, 0]).argmax(1),
    }),
  ).toMatchInlineSnapshot(`
    "
    x.add(zeros([4]))
      ShapeError: add: shapes [2, 3] and [4] do not broadcast: sizes 3 and 4 differ at axis -1, and neither is 1
    x.matmul(zeros([4, 3]))
      ShapeError: matmul: [2, 3] × [4, 3]: inner sizes 3 and 4 differ; did you mean x.matmul(w.transpose())?
    x.matmul(zeros([2, 3]))
      ShapeError: matmul: [2, 3] × [2, 5]: inner sizes 3 and 2 differ; did you mean x.transpose().matmul(w)?
    x.matmul(zeros([7, 5]))
      ShapeError: matmul: [2, 3] × [7, 5]: inner sizes 3 and 7 differ
    x.matmul(zeros([]))
      ShapeError: matmul: [2, 3] × []: a single number has no axis to multiply over; use mul
    zeros([2, 2, 3]).matmul(zeros([3, 3, 4]))
      ShapeError: matmul, leading axes: shapes [2] and [3] do not broadcast: sizes 2 and 3 differ at axis -1, and neither is 1
    linear(x, zeros([3, 4]))
      ShapeError: linear: expected x [..., I] and weight [O, I], got [2, 3] and [3, 4]
    linear(x, zeros([4, 3]), zeros([5]))
      ShapeError: linear: expected a bias [4] or [2, 4] to add, got [5]
    where(zeros([4]), x, 0)
      ShapeError: where: shapes [4] and [2, 3] do not broadcast: sizes 4 and 3 differ at axis -1, and neither is 1
    outer(x, x)
      ShapeError: outer: expected two vectors, got [2, 3] and [2, 3]
    dot(x, zeros([3, 2]))
      ShapeError: dot: expected one shape, got [2, 3] and [3, 2]
    concat([])
      ShapeError: concat: expected a list of at least one tensor, got an empty list; write concat([a, b])
    stack([, x])
      ValueError: stack: expected a tensor, got undefined; make one with tensor(…)
    concat(x)
      ShapeError: concat: expected a list of at least one tensor, got a Tensor; write concat([a, b])
    concat([x, zeros([3, 4])])
      ShapeError: concat: expected shapes that agree except along axis 0, got [2, 3] and [3, 4]
    stack([x, zeros([3, 2])])
      ShapeError: stack: expected one shape, got [2, 3] and [3, 2]
    gather(zeros([]), indices(0))
      ShapeError: gather: expected a table of rows, [V, …], got shape []
    gather(x, indices(0, 2))
      ShapeError: gather: expected indices from 0 to 1, got 2 at position 1
    gather(zeros([0, 3]), indices(0))
      ShapeError: gather: expected no index, since there are no rows, got 0 at position 0
    scatterRows(x, indices(0), 4)
      ShapeError: scatterRows: expected rows whose leading axes are those of the indices [1], got [2, 3]
    scatterRows(x, indices(0, 1), -1)
      ShapeError: scatterRows: expected whole numbers from 0 on as the shape, got [-1]
    oneHot(indices(3), 3)
      ShapeError: oneHot: expected indices from 0 to 2, got 3 at position 0
    oneHot(indices(0), 2.5)
      ShapeError: oneHot: expected whole numbers from 0 on as the shape, got [2.5]
    softmaxCrossEntropy(x, indices(0))
      ShapeError: softmaxCrossEntropy: expected logits [N, V] and targets [N], got [2, 3] and [1]
    softmaxCrossEntropy(x, indices(0, 3))
      ShapeError: softmaxCrossEntropy: expected targets from 0 to 2, got 3 in row 1
    softmaxCrossEntropy(zeros([1, 0]), indices(0))
      ShapeError: softmaxCrossEntropy: expected at least one class, got logits [1, 0]
    zeros([0]).max()
      ShapeError: max: axis of size 0 in [0]; nothing has no max
    zeros([2, 0]).argmax(1)
      ShapeError: argmax: axis of size 0 in [2, 0]; nothing has no argmax
    "
  `);
});
