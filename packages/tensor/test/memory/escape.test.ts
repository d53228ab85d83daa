import { expect, test } from 'vitest';
import {
  concat,
  copyOut,
  gather,
  linear,
  memory,
  Parameter,
  ScopeError,
  scope,
  softmaxCrossEntropy,
  type Tensor,
  tensor,
  where,
} from '../../src/index.ts';

const x = tensor([
  [1, 2],
  [3, 4],
]);

/** A tensor that got out of its scope by a closure. */
function leaked(of: () => Tensor = () => x.mul(3)): Tensor {
  let out = x;
  scope(() => {
    out = of();
  });
  return out;
}

const uses: Readonly<Record<string, (gone: Tensor) => unknown>> = {
  toArray: (gone) => gone.toArray(),
  toTypedArray: (gone) => gone.toTypedArray(),
  text: (gone) => `${gone}`,
  item: (gone) => gone.select(0).select(0).item(),
  add: (gone) => gone.add(1),
  'add on the right': (gone) => x.add(gone),
  exp: (gone) => gone.exp(),
  sum: (gone) => gone.sum(),
  argmax: (gone) => gone.argmax(0),
  matmul: (gone) => gone.matmul(x),
  'matmul on the right': (gone) => x.matmul(gone),
  'matmul by its transpose': (gone) => x.matmul(gone.transpose()),
  linear: (gone) => linear(x, gone),
  'linear with a bias': (gone) => linear(x, x, gone),
  concat: (gone) => concat([x, gone]),
  where: (gone) => where(gone, x, 0),
  gather: (gone) => gather(gone, tensor([0], { dtype: 'int32' })),
  pad: (gone) => gone.pad([[1, 1]]),
  cast: (gone) => gone.cast('float64'),
  softmax: (gone) => gone.softmax(),
  crossEntropy: (gone) => softmaxCrossEntropy(gone, tensor([0, 1], { dtype: 'int32' })),
  'reshape of its transpose': (gone) => gone.transpose().reshape([4]).toArray(),
  assign: (gone) => new Parameter(x).assign(gone),
  'new Parameter': (gone) => new Parameter(gone),
  copyOut: (gone) => copyOut(gone),
  'return from a scope': (gone) => scope(() => gone).toArray(),
};

const views: Readonly<Record<string, (gone: Tensor) => Tensor>> = {
  itself: (gone) => gone,
  transpose: (gone) => gone.transpose(),
  slice: (gone) => gone.slice([0, 2], [0, 2]),
  flip: (gone) => gone.flip(0),
  detach: (gone) => gone.detach(),
};

test.each(Object.keys(uses))(
  'A tensor that left its scope throws when touched, never gives garbage: %s',
  (name) => {
    const use = uses[name]!;
    for (const view of Object.values(views)) {
      for (const gone of [view(leaked()), leaked(() => view(x.mul(3)))]) {
        // Later results are at the tensor's former address.
        scope(() => x.mul(7).add(1));
        const before = memory().persistent.tensors;
        const act = () => use(gone);
        expect(act).toThrow(ScopeError);
        expect(act).toThrow('a tensor made by mul was used after the function');
        expect(act).toThrow('return it from that function, or keep a copy while inside with copyOut(x)');
        // In another, later scope it is just as gone; that scope goes on.
        scope(() => {
          expect(act).toThrow(ScopeError);
          expect(x.sum().item()).toBe(10);
        });
        // assign makes a separate parameter for each try; those were intact.
        if (name !== 'assign') expect(memory().persistent.tensors).toBe(before);
      }
    }
  },
);

test('The cure in the message works: a copy kept while inside stays true', () => {
  let copy = x;
  scope(() => {
    copy = copyOut(x.mul(3).transpose());
    x.mul(9);
  });
  scope(() => x.mul(7));
  expect(copy.toArray()).toEqual([
    [3, 9],
    [6, 12],
  ]);
});

test('The message names the op that made the tensor, also where a scope has thrown', () => {
  let gone = x;
  expect(() =>
    scope(() => {
      gone = x.exp();
      throw new Error('stop');
    }),
  ).toThrow('stop');
  expect(() => gone.sum()).toThrow('a tensor made by exp was used');
});

test('Handles that leave a scope in generators or instances of classes throw', () => {
  class State {
    readonly h: Tensor;
    constructor(h: Tensor) {
      this.h = h;
    }
  }
  const state = scope(() => new State(x.mul(2)));
  expect(() => state.h.toArray()).toThrow(ScopeError);

  const later = scope(() => {
    const y = x.mul(2);
    return (function* () {
      yield y.toArray();
    })();
  });
  expect(() => later.next()).toThrow(ScopeError);
});

test('Shape, dtype and size of what is gone can still be read', () => {
  const gone = leaked();
  expect([gone.shape, gone.dtype, gone.size, gone.strides]).toEqual([[2, 2], 'float32', 4, [2, 1]]);
});
