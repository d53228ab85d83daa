/** The calls: functions, their arguments, and which arguments they must reject. */
import * as T from '@chronograd/tensor';
import type { Maker } from './arguments.ts';
import * as a from './arguments.ts';
import { coreCalls } from './core-calls.ts';
import { badAxes, badDtype, badIndices, badLike, badShape, badWidths } from './refused.ts';

export interface Call {
  readonly name: string;
  readonly run: (...args: never[]) => unknown;
  readonly makers: readonly Maker[];
  /** Whether these arguments are certainly wrong, so that the call must throw. */
  readonly wrong: (args: readonly unknown[]) => boolean;
  /**
   * `internal`: a part of the engine, which may throw JavaScript's own errors, but must not damage
   * memory. `its own`: the result depends on the operands' memory layout, and is not compared.
   */
  readonly sort: 'public' | 'internal' | 'its own';
}

type Row = readonly [
  run: (...args: never[]) => unknown,
  makers: readonly Maker[],
  wrong?: Call['wrong'],
  sort?: Call['sort'],
];

const { anyTensor, axes, axis, dtype, flag, float, number, operand, shape } = a;

const ops: Readonly<Record<string, unknown>> = { ...T };
const UNARY = [
  'neg',
  'abs',
  'sign',
  'sqrt',
  'exp',
  'expm1',
  'log',
  'log1p',
  'tanh',
  'sigmoid',
  'relu',
  'sin',
  'cos',
  'erf',
];
const COMPOSED = [
  'square',
  'reciprocal',
  'silu',
  'softplus',
  'oneMinus',
  'logSigmoid',
  'floor',
  'round',
  'isFinite',
];
const BINARY = ['add', 'sub', 'mul', 'div', 'pow', 'maximum', 'minimum', 'outer', 'dot'];
const COMPARISONS = ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'];
const REDUCTIONS = ['sum', 'max', 'min', 'mean', 'variance', 'std', 'norm', 'prod'];
const EQUATIONS = [
  'ij,jk->ik',
  'ij,ij->i',
  'i,j->ji',
  'ij->ji',
  'ijk->k',
  'bij,bjk->bik',
  'ii->i',
  'ij->x',
  '...i',
];

const each = (
  names: readonly string[],
  makers: readonly Maker[],
  wrong?: Call['wrong'],
): Record<string, Row> =>
  Object.fromEntries(names.map((name) => [name, [ops[name] as Row[0], makers, wrong] as Row]));

const rows: Record<string, Row> = {
  ...each([...UNARY, ...COMPOSED], [anyTensor]),
  ...each([...BINARY, ...COMPARISONS], [anyTensor, operand]),
  ...each(REDUCTIONS, [anyTensor, axes, flag], ([x, list]) => badAxes(x, list)),
  ...each(['softmax', 'logSoftmax', 'logSumExp'], [float, axis]),
  argmax: [T.argmax, [anyTensor, axis]],
  gelu: [T.gelu, [float, ({ dice }) => dice.pick([undefined, 'none', 'tanh', 'erf'])]],
  argsort: [T.argsort, [anyTensor, axis, flag]],
  sort: [T.sort, [anyTensor, axis, flag]],
  topk: [T.topk, [anyTensor, a.small, axis, flag], ([, k]) => !Number.isInteger(k) || (k as number) < 0],
  argmin: [T.argmin, [anyTensor, axis]],
  cumsum: [T.cumsum, [anyTensor, axis]],
  lerp: [T.lerp, [anyTensor, operand, operand]],
  matvec: [T.matvec, [anyTensor, operand]],
  einsum: [T.einsum, [({ dice }) => dice.pick(EQUATIONS), float, operand]],
  unstack: [T.unstack, [anyTensor, axis]],
  takeAlong: [
    T.takeAlong,
    [anyTensor, a.indices, () => 0],
    ([x, indices]) => badIndices((x as T.Tensor)?.shape?.[0], indices),
  ],
  where: [T.where, [anyTensor, operand, operand]],
  clamp: [T.clamp, [anyTensor, number, number]],
  matmul: [T.matmul, [anyTensor, a.factor(false)]],
  linear: [T.linear, [anyTensor, a.factor(true)]],
  'linear plus': [T.linear, [anyTensor, a.factor(true), operand]],
  reshape: [T.reshape, [anyTensor, a.newShape], ([, list]) => badShape(list, -1)],
  permute: [T.permute, [anyTensor, a.order], ([x, list]) => list === undefined || badAxes(x, list)],
  transpose: [T.transpose, [anyTensor, axis, axis]],
  expand: [T.expand, [anyTensor, a.larger], ([, list]) => badShape(list)],
  flip: [T.flip, [anyTensor, axes], ([x, list]) => badAxes(x, list)],
  squeeze: [T.squeeze, [anyTensor, axes], ([x, list]) => badAxes(x, list)],
  unsqueeze: [T.unsqueeze, [anyTensor, axis]],
  slice: [T.slice, [anyTensor, a.range, a.range]],
  select: [T.select, [anyTensor, a.position, axis]],
  split: [T.split, [anyTensor, a.parts, () => 0], ([, list]) => badShape(list)],
  chunk: [T.chunk, [anyTensor, a.small, axis]],
  cast: [T.cast, [anyTensor, dtype], ([, name]) => badDtype(name)],
  pad: [T.pad, [anyTensor, a.widths, number], ([, widths]) => badWidths(widths)],
  concat: [T.concat, [a.list, axis]],
  stack: [T.stack, [a.list, axis]],
  gather: [
    T.gather,
    [anyTensor, a.indices],
    ([x, indices]) => badIndices((x as T.Tensor)?.shape?.[0], indices),
  ],
  scatterRows: [T.scatterRows, [anyTensor, a.indices, a.small], ([, indices, n]) => badIndices(n, indices)],
  oneHot: [
    T.oneHot,
    [(draw) => draw.dice.pick(draw.pool.filter((x) => x.dtype === 'int32')), a.small, dtype],
    ([indices, n]) => badIndices(n, indices),
  ],
  softmaxCrossEntropy: [
    T.softmaxCrossEntropy,
    [float, a.indices],
    ([x, indices]) => badIndices((x as T.Tensor)?.shape?.[1], indices),
  ],
  zerosLike: [T.zerosLike, [a.like], ([like]) => badLike(like)],
  onesLike: [T.onesLike, [a.like], ([like]) => badLike(like)],
  fullLike: [T.fullLike, [a.like, number], ([like]) => badLike(like)],
  zeros: [T.zeros, [shape, a.createOptions], ([list]) => badShape(list)],
  ones: [T.ones, [shape, a.createOptions], ([list]) => badShape(list)],
  full: [T.full, [shape, number, a.createOptions], ([list]) => badShape(list)],
  normal: [T.normal as never, [shape, a.randomOptions], ([list]) => badShape(list)],
  uniform: [T.uniform as never, [shape, a.randomOptions], ([list]) => badShape(list)],
  bernoulli: [T.bernoulli as never, [shape, () => 0.5, a.randomOptions], ([list]) => badShape(list)],
  tensor: [T.tensor as never, [a.values, a.createOptions]],
  'tensor of a shape': [(x: never, list: never) => T.tensor(x, { shape: list }), [a.values, shape]],
  arange: [T.arange as never, [a.small, a.small]],
  eye: [T.eye, [a.small, a.createOptions]],
  copyOut: [T.copyOut as never, [anyTensor]],
};

export const calls: readonly Call[] = Object.entries({ ...rows, ...coreCalls }).map(
  ([name, [run, makers, wrong = () => false, sort = 'public']]) => ({ name, run, makers, wrong, sort }),
);

/** Calls whose numbers directly become addresses. They are drawn more often. */
const NEAR =
  /^(new Tensor|output|zerosLike|fullLike|sum|permute|expand|concat|gather|scatterRows|softmaxCrossEntropy|sgdUpdate)$/;
export const nearAddresses: readonly Call[] = calls.filter(({ name }) => NEAR.test(name));

/** Calls that read values or make parameters. */
const READING =
  /^(item|shown|new Parameter|assign|.*Update|SGD|Adam|Embedding|GRU|LayerNorm|sumOfSquares|largestMagnitude|clip.*|globalNorm)$/;
/** Whether a plan may contain a call. */
export const plannable = ({ name }: Call): boolean => !READING.test(name);

export type { Row };
