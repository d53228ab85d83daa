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
      ShapeError: linear: x [2, 3] and weight [3, 4] came, [..., I] and [O, I] were expected
    linear(x, zeros([4, 3]), zeros([5]))
      ShapeError: linear: [5] came to be added, a bias [4] or [2, 4] was expected
    where(zeros([4]), x, 0)
      ShapeError: where: shapes [4] and [2, 3] do not broadcast: sizes 4 and 3 differ at axis -1, and neither is 1
    outer(x, x)
      ShapeError: outer: [2, 3] and [2, 3] came, two vectors were expected
    dot(x, zeros([3, 2]))
      ShapeError: dot: [2, 3] and [3, 2] came, one shape was expected
    concat([])
      ShapeError: concat: an empty list came, a list of at least one tensor was expected: concat([a, b])
    stack([, x])
      ValueError: stack: undefined came, a tensor was expected; make one with tensor(…)
    concat(x)
      ShapeError: concat: a Tensor came, a list of at least one tensor was expected: concat([a, b])
    concat([x, zeros([3, 4])])
      ShapeError: concat: [2, 3] and [3, 4] came; all sizes but that of axis 0 must agree
    stack([x, zeros([3, 2])])
      ShapeError: stack: [2, 3] and [3, 2] came, one shape was expected
    gather(zeros([]), indices(0))
      ShapeError: gather: the table has shape []; a table of rows, [V, …], was expected
    gather(x, indices(0, 2))
      ShapeError: gather: index 2 came at position 1, but there are 2 rows: 0 to 1
    gather(zeros([0, 3]), indices(0))
      ShapeError: gather: index 0 came at position 0, but there are no rows
    scatterRows(x, indices(0), 4)
      ShapeError: scatterRows: rows [2, 3] and indices [1] came; the leading axes must agree
    scatterRows(x, indices(0, 1), -1)
      ShapeError: scatterRows: shape [-1] came, whole numbers from 0 on were expected
    oneHot(indices(3), 3)
      ShapeError: oneHot: index 3 came at position 0, but there are 3 rows: 0 to 2
    oneHot(indices(0), 2.5)
      ShapeError: oneHot: shape [2.5] came, whole numbers from 0 on were expected
    softmaxCrossEntropy(x, indices(0))
      ShapeError: softmaxCrossEntropy: logits [2, 3] and targets [1] came, [N, V] and [N] were expected
    softmaxCrossEntropy(x, indices(0, 3))
      ShapeError: softmaxCrossEntropy: target 3 came in row 1, but there are 3 classes: 0 to 2
    softmaxCrossEntropy(zeros([1, 0]), indices(0))
      ShapeError: softmaxCrossEntropy: logits [1, 0] have no classes
    zeros([0]).max()
      ShapeError: max: axis of size 0 in [0]; nothing has no max
    zeros([2, 0]).argmax(1)
      ShapeError: argmax: axis of size 0 in [2, 0]; nothing has no argmax
    "
  `);
});
