/**
 * Every op of `index.ts` whose first argument is a tensor is a method of tensors too, unless it is
 * in `FUNCTIONS`.
 */
import { Tensor } from '../tensor.ts';
import type * as along from './along.ts';
import type * as binary from './binary.ts';
import type * as compose from './compose.ts';
import { alias } from './copy.ts';
import type * as elementwise from './elementwise.ts';
import type * as gates from './gates.ts';
import * as ops from './index.ts';
import type * as matmul from './matmul.ts';
import type * as moments from './moments.ts';
import type * as moves from './moves.ts';
import type * as reduce from './reduce.ts';
import type * as rows from './rows.ts';
import type * as slice from './slice.ts';
import type { PartOfEach, Parts, Range } from './slice.ts';
import type * as sort from './sort.ts';
import type * as take from './take.ts';
import type * as views from './views.ts';
import type * as whole from './whole.ts';

/** Ops that are functions only. */
const FUNCTIONS = {
  zerosLike: true,
  onesLike: true,
  fullLike: true,
  where: true,
  concat: true,
  stack: true,
  linear: true,
  outer: true,
  dot: true,
  oneHot: true,
  scatterRows: true,
  softmaxCrossEntropy: true,
} as const;

/** Declared by hand: the compiler cannot split the arguments of a generic function. */
type Generic = 'chunk' | 'split' | 'unstack';
/**
 * Types come from the files, whose comments editors then show. `typeof ops` has aliases without
 * comments.
 */
type Families = typeof along &
  typeof binary &
  typeof compose &
  typeof elementwise &
  typeof gates &
  typeof matmul &
  typeof moments &
  typeof moves &
  typeof reduce &
  typeof rows &
  typeof slice &
  typeof sort &
  typeof take &
  typeof views &
  typeof whole;
type Fluent = Pick<Families, Exclude<keyof typeof ops, keyof typeof FUNCTIONS | Generic>>;
type Methods = {
  [K in keyof Fluent]: Fluent[K] extends (x: Tensor, ...rest: infer A) => infer R ? (...rest: A) => R : never;
};

declare module '../tensor.ts' {
  interface Tensor extends Methods {
    /**
     * That many equal parts along an axis. Default: the first. The gates of an LSTM are
     * `const [i, f, g, o] = z.chunk(4, -1)`.
     */
    chunk<N extends number>(count: N, axis?: number): Parts<N>;
    /**
     * Parts of the given sizes along an axis; the sizes must add up. Default: the first axis.
     * @example const [h, c] = state.split([64, 32], -1);
     */
    split<const S extends readonly number[]>(sizes: S, axis?: number): PartOfEach<S>;
    /**
     * All positions along an axis, which is dropped. Default: the first axis.
     * @param count how many there are: then the result is a tuple of that length. Default: any.
     * @throws ShapeError where there are more or fewer than `count`.
     * @example const [x, y] = points.unstack(-1, 2);
     */
    unstack<N extends number = number>(axis?: number, count?: N): Parts<N>;
    /** The same values as a constant: no gradient passes. */
    detach(): Tensor;
  }
}

function addMethod(name: string, value: (this: Tensor, ...args: never[]) => unknown): void {
  Object.defineProperty(value, 'name', { value: name, configurable: true });
  Object.defineProperty(Tensor.prototype, name, { value, configurable: true, writable: true });
}

type Op = (x: Tensor, a: unknown, b: unknown, c: unknown) => unknown;

for (const [name, op] of Object.entries<unknown>(ops)) {
  if (name in FUNCTIONS) continue;
  // No op but slice takes more arguments. Named ones cost less than a list.
  addMethod(name, function (a: unknown, b: unknown, c: unknown) {
    return (op as Op)(this, a, b, c);
  });
}
addMethod('slice', function (...ranges: Range[]) {
  return ops.slice(this, ...ranges);
});
addMethod('detach', function () {
  return alias(this);
});
