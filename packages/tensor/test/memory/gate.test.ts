import { expect, test } from 'vitest';
import {
  ChronogradError,
  DtypeError,
  flip,
  fullLike,
  memory,
  normal,
  ones,
  Parameter,
  permute,
  Random,
  ShapeError,
  scope,
  softmaxCrossEntropy,
  type Tensor,
  tensor,
  ValueError,
  zerosLike,
} from '../../src/index.ts';
import { arena } from '../../src/memory/arena.ts';
import { allocateBlock } from '../../src/memory/blocks.ts';
import { arenaStorage } from '../../src/memory/storage.ts';
import { sgdUpdate } from '../../src/ops/update.ts';
import { Tensor as TensorClass } from '../../src/tensor.ts';

/** What plain JavaScript may pass where types say otherwise. */
// biome-ignore lint/suspicious/noExplicitAny: wrong values on purpose
const wrong = (value: unknown): any => value;

const w = new Parameter(normal([40, 40], { random: new Random(1) }));
const weights = w.toTypedArray();

/** What a damaged heap would change: live weights, and the kernels' constants at its start. */
function intact(): void {
  expect(w.toTypedArray()).toEqual(weights);
  const half = tensor([0.5]);
  const found = [half.exp(), half.log(), half.tanh(), half.add(1)].map((y) => y.item());
  expect(found).toEqual([1.6487212181091309, -0.6931471824645996, 0.46211716532707214, 1.5]);
}

const hole = (...list: unknown[]): unknown[] => {
  const copy = [...list];
  delete copy[0];
  return copy;
};

const CALLS: Record<string, () => unknown> = {
  'zerosLike with an undefined size': () => zerosLike(wrong({ shape: [40, undefined], dtype: 'float32' })),
  'zerosLike with a negative size': () => zerosLike({ shape: [40, -40], dtype: 'float32' }),
  'zerosLike with two negative sizes': () => zerosLike({ shape: [-4, -4], dtype: 'float32' }),
  'zerosLike with a fraction': () => zerosLike({ shape: [0.5, 2], dtype: 'float32' }),
  'zerosLike with a size as a string': () => zerosLike(wrong({ shape: ['4'], dtype: 'float32' })),
  'zerosLike with a huge size': () => zerosLike({ shape: [2 ** 40, 2 ** 40], dtype: 'float32' }),
  'zerosLike of no shape': () => zerosLike(wrong({ dtype: 'float32' })),
  'zerosLike of an unknown dtype': () => zerosLike(wrong({ shape: [4], dtype: 'float16' })),
  'fullLike with NaN as a size': () => fullLike({ shape: [Number.NaN], dtype: 'float32' }, 7),
  'fullLike with a string as the value': () => fullLike(w, wrong('7')),
  'sum over axes with a hole': () => w.sum(wrong(hole(0, 1))),
  'mean over axes with a hole': () => w.mean(wrong(hole(0, 1))),
  'max over axes that are all holes': () => w.max(wrong(new Array(1))),
  'permute with a hole': () => permute(ones([2, 3, 4]), wrong(hole(1, 0, 2))).add(0),
  'flip of axes with a hole': () => flip(w, wrong(hole(0, 1))).add(0),
  'split into sizes with a hole': () => w.split(wrong(hole(0, 40))),
  'reshape with a hole': () => w.reshape(wrong(hole(0, 40))),
  'pad by a pair with a hole': () => w.pad(wrong([hole(1, 1)])),
  'expand with a hole': () => w.expand(wrong(hole(2, 40, 40))),
};

test.each(Object.entries(CALLS))('%s throws an error, and no memory is damaged', (_, call) => {
  for (const run of [call, () => scope(() => wrong(call()))]) {
    expect(run).toThrow(ChronogradError);
    intact();
    scope(() => w.tanh());
    intact();
  }
});

test('shapes and strides cannot be changed from outside', () => {
  const x = ones([2, 3]);
  const turned = x.transpose();
  for (const shape of [x.shape, turned.shape, x.select(0).shape]) {
    expect(() => {
      wrong(shape)[0] = 100_000;
    }).toThrow(TypeError);
    expect(() => wrong(shape).push(7)).toThrow(TypeError);
  }
  wrong(turned.strides)[0] = 100_000; // a copy
  expect(turned.strides).toEqual([1, 3]);
  for (const name of ['shape', 'size', 'offset', 'storage', 'strides', 'dtype', 'rank'] as const) {
    expect(() => {
      wrong(x)[name] = wrong(w)[name];
    }).toThrow(TypeError);
  }
  expect(x.add(1).toArray()).toEqual([
    [2, 2, 2],
    [2, 2, 2],
  ]);
});

test('a shape that a caller passed may be changed afterwards', () => {
  const shape = [2, 3];
  const x = ones(shape);
  const y = x.reshape(shape);
  shape[0] = 100_000;
  expect([x.shape, y.shape]).toEqual([
    [2, 3],
    [2, 3],
  ]);
});

test('no tensor reaches outside of its storage', () => {
  const { storage } = tensor([1, 2, 3, 4]);
  const make = (shape: number[], strides: number[] | null, offset: number) => (): Tensor =>
    new TensorClass(storage, shape, strides, offset);
  for (const view of [
    make([5], null, 0),
    make([4], null, 1),
    make([2], null, -1),
    make([2, 2], [3, 1], 0),
    make([2], [-1], 0),
    make([2], [Number.NaN], 0),
    make([2, 2], [1], 0),
    make([2], [1, 1], 0),
    make([2], [0.5], 0),
    make([3], [0.5], 0),
    make([0], [0.5], 0),
  ]) {
    expect(view).toThrow(ShapeError);
  }
  expect(make([2, 2], [-2, 1], 2)().toArray()).toEqual([
    [3, 4],
    [1, 2],
  ]);
  expect(make([0], null, 9)().toArray()).toEqual([]);
});

test('a tensor is made of lists and whole numbers', () => {
  const { storage } = tensor([1, 2, 3, 4]);
  const lists: readonly (readonly unknown[])[] = [
    [undefined, null, 0],
    [2, null, 0],
    [new Uint8Array(1), null, 0],
    [[2], undefined, 0],
    [[2], 1, 0],
    [[2], null, 0.5],
    [[2], null, Number.NaN],
    [[0], null, 0.5],
    [[2], null, undefined],
    [[2], null, Symbol('s')],
  ];
  for (const [shape, layout, offset] of lists)
    expect(() => new TensorClass(storage, wrong(shape), wrong(layout), wrong(offset))).toThrow(ValueError);
  // What users of other libraries write.
  expect(() => new (wrong(TensorClass))([1, 2, 3])).toThrow('make tensors with tensor(…)');
});

test('constants like a shape without a dtype throw an error inside of scopes and outside', () => {
  const make = (): Tensor => zerosLike(wrong({ shape: [2] }));
  expect(make).toThrow(DtypeError);
  expect(() => scope(make)).toThrow(DtypeError);
});

test('an update takes tensors alone', () => {
  const parameter = new Parameter(ones([2]));
  expect(() => sgdUpdate(parameter, wrong(1), 0.1)).toThrow(ValueError);
  expect(parameter.toArray()).toEqual([1, 1]);
});

test('no target is ignored unless a caller says which', () => {
  const logits = tensor([[1, 2, 3]]);
  for (const target of [-1, 3, -(2 ** 31)]) {
    const targets = tensor([target], { dtype: 'int32' });
    expect(() => softmaxCrossEntropy(logits, targets)).toThrow(ShapeError);
    expect(softmaxCrossEntropy(logits, targets, target)[0].toArray()).toEqual([0]);
  }
});

test.each([Number.NaN, -16, 0.5, 2 ** 53, Number.POSITIVE_INFINITY])(
  'no allocation of %s bytes moves the arena or the heap’s gaps',
  (bytes) => {
    expect(() => scope(() => arena.allocate(bytes))).toThrow(ChronogradError);
    expect(() => allocateBlock(bytes)).toThrow(ChronogradError);
    intact();
  },
);

test('storage of an unknown dtype throws an error', () => {
  expect(() => scope(() => arenaStorage(wrong('float16'), 4, 'test'))).toThrow(DtypeError);
});

test('A tensor too large for any heap is rejected with the size of the heap', () => {
  const huge = { shape: [2 ** 20, 2 ** 20], dtype: 'float32' } as const;
  expect(() => scope(() => zerosLike(huge))).toThrow(
    `${2 ** 42} bytes asked for, the heap holds ${memory().heapBytes} and`,
  );
});
