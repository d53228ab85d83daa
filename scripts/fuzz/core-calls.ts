/** Calls of the engine's parts, of gradients, losses, clipping and optimizers. */
import { checkpoint, customGradient, grad, hvp, jvp, stopGradient, vjp } from '@chronograd/autograd';
import * as nn from '@chronograd/nn';
import * as T from '@chronograd/tensor';
import * as engine from '@chronograd/tensor/engine';
import * as a from './arguments.ts';
import type { Row } from './calls.ts';
import { badDtype, badIndices, badShape, badView, unlike } from './refused.ts';

const { anyTensor, float, number, shape, twin } = a;

/** Runs `write`, which must not change the adjacent block. */
function besideOf(write: () => unknown): void {
  using beside = new T.Parameter(T.full([64], 7));
  write();
  if (beside.toTypedArray().some((value) => value !== 7)) throw new Error('a write went beyond its block');
}

/** A new parameter that `write` writes, and its contents afterwards. */
function written(x: T.Tensor, write: (parameter: T.Parameter) => unknown): T.Tensor {
  using parameter = new T.Parameter(x);
  besideOf(() => write(parameter));
  return T.tensor(parameter.toTypedArray(), { shape: parameter.shape });
}

class Weight extends nn.Module {
  readonly w: T.Parameter;
  constructor(w: T.Parameter) {
    super();
    this.w = w;
  }
}

const square = (x: T.Tensor): T.Tensor => T.sum(T.mul(x, x));
const identity = customGradient(
  (x) => x,
  (g) => [g],
);
// keep holes
const copyOf = (list: unknown): never => (Array.isArray(list) ? list.slice() : list) as never;
const badBytes = (bytes: unknown): boolean => !(Number.isSafeInteger(bytes) && (bytes as number) >= 0);

export const coreCalls: Readonly<Record<string, Row>> = {
  // A view of another storage: the class is public. It owns its lists afterwards, hence the copies.
  'new Tensor': [
    (x: T.Tensor, list: never, layout: never, offset: never) =>
      new T.Tensor(engine.requireTensor('Tensor', x).storage, copyOf(list), copyOf(layout), offset).add(0),
    [
      anyTensor,
      (draw, earlier) => (draw.dice.chance(0.5) ? a.newShape(draw, earlier) : shape(draw, earlier)),
      (draw, earlier) => (draw.dice.chance(0.5) ? null : a.order(draw, earlier)),
      a.position,
    ],
    ([x, list, layout, offset]) => badView(x, list, layout, offset),
    'its own',
  ],
  'mutated shape': [
    (x: T.Tensor, size: never) => {
      engine.requireTensor('sum', x);
      try {
        (x.shape as number[])[0] = size;
        (x.strides as number[])[0] = size;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // frozen objects throw JavaScript's errors
      }
      return T.sum(x);
    },
    [anyTensor, () => 100_000],
  ],
  'new Parameter': [(x: never) => written(x, () => undefined), [anyTensor]],
  assign: [(x: never, y: never) => written(x, (p) => p.assign(y)), [anyTensor, twin], unlike],
  sgdUpdate: [(x: never, g: never) => written(x, (p) => engine.sgdUpdate(p, g, 0.1)), [float, twin], unlike],
  adagradUpdate: [
    (x: never, g: never, s: never) =>
      written(x, (p) => {
        using state = new T.Parameter(s);
        besideOf(() => engine.adagradUpdate(p, g, state, { lr: 0.1, eps: 1e-8, epsInside: false }));
      }),
    [float, twin, twin],
    unlike,
  ],
  SGD: [
    (x: never, g: never) => written(x, (p) => new nn.SGD(new Weight(p), { lr: 0.1 }).update({ w: g })),
    [float, twin],
    unlike,
  ],
  Adam: [
    (x: never, g: never) => written(x, (p) => new nn.Adam(new Weight(p), { lr: 0.1 }).update({ w: g })),
    [float, twin],
    unlike,
  ],
  output: [
    (dtype: never, list: never) => void engine.output('output', dtype, copyOf(list)),
    [a.dtype, shape],
    ([dtype, list]) => badDtype(dtype) || badShape(list),
    'internal',
  ],
  allocateBlock: [
    (bytes: never) => void engine.allocateBlock(bytes),
    [(draw) => draw.dice.pick([16, 64, -64, -1024, Number.NaN, 0.5, 2 ** 53, '64'])],
    ([bytes]) => badBytes(bytes),
    'internal',
  ],
  sumOfSquares: [engine.sumOfSquares as never, [anyTensor]],
  largestMagnitude: [engine.largestMagnitude as never, [anyTensor]],
  trimMemory: [() => void T.trimMemory(), []],
  item: [(x: never) => engine.requireTensor('item', x).item(), [anyTensor]],
  shown: [(x: never) => void engine.requireTensor('toString', x).toString(), [anyTensor]],

  stopGradient: [stopGradient as never, [anyTensor]],
  customGradient: [identity as never, [anyTensor]],
  checkpoint: [(x: never) => checkpoint(() => T.tanh(x)), [float]],
  grad: [(x: never) => grad(square)(x), [anyTensor]],
  vjp: [(x: never, g: never) => vjp(T.exp, x, g), [float, twin]],
  jvp: [(x: never, g: never) => jvp(T.tanh, x, g), [float, twin]],
  hvp: [(x: never, g: never) => hvp(square, x, g), [float, twin]],

  crossEntropy: [nn.crossEntropy as never, [float, a.indices, a.lossOptions]],
  mse: [nn.mse as never, [float, twin, a.lossOptions]],
  binaryCrossEntropy: [nn.binaryCrossEntropy as never, [float, twin, a.lossOptions]],
  clipByValue: [nn.clipByValue as never, [anyTensor, number]],
  clipByGlobalNorm: [nn.clipByGlobalNorm as never, [a.list, number]],
  globalNorm: [nn.globalNorm as never, [a.list]],
  GRU: [
    (lengths: never, seed: never) => {
      const random = new T.Random(seed);
      const inputs = T.normal([3, 2, 2], { random });
      return new nn.GRU(2, 2, { random }).forward(inputs, undefined, { lengths });
    },
    [(draw) => a.lengths(draw, 2, 3), ({ dice }) => dice.below(9)],
    ([lengths]) => lengths !== undefined && badShape(lengths),
  ],
  LayerNorm: [(n: never, x: never) => new nn.LayerNorm(n).forward(x), [a.small, float]],
  Embedding: [
    (n: never, indices: never) => new nn.Embedding(n, 3, { random: new T.Random(1) }).forward(indices),
    [a.small, a.indices],
    ([n, indices]) => badIndices(n, indices),
  ],
};
