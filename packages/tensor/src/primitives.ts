/**
 * The list of primitives: the heart of Chronograd. Kernels run them, and the tape differentiates
 * them, with one rule per input (`src/rules/` of `@chronograd/autograd`; the compiler checks its
 * table against this list). All other ops are composed of them.
 *
 * A package may add primitives: `declare module '@chronograd/tensor' { interface Primitives … }`
 * for the compiler, and `Object.assign(rules, { … })` with the `rules` of `@chronograd/autograd`
 * for their gradients.
 */
import type { Dtype } from './dtype.ts';
import type { Tensor } from './tensor.ts';

/**
 * A primitive's signature: input tensors, plain parameters, output tensors. Default of `Outputs`:
 * one tensor.
 */
export interface Signature<
  Inputs extends readonly Tensor[],
  Params = null,
  Outputs extends readonly Tensor[] = readonly [Tensor],
> {
  readonly inputs: Inputs;
  readonly params: Params;
  readonly outputs: Outputs;
}

type Unary = Signature<readonly [x: Tensor]>;
type Binary = Signature<readonly [a: Tensor, b: Tensor]>;

/**
 * The elements of a slice along every axis: from `start` on and `step` apart, as many as the
 * output's size.
 */
export interface SliceParams {
  readonly starts: readonly number[];
  readonly steps: readonly number[];
}

export interface Primitives {
  // elementwise, one operand
  neg: Unary;
  abs: Unary;
  sign: Unary;
  sqrt: Unary;
  exp: Unary;
  expm1: Unary;
  log: Unary;
  log1p: Unary;
  tanh: Unary;
  sigmoid: Unary;
  sin: Unary;
  cos: Unary;
  erf: Unary;
  relu: Unary;

  // elementwise, two or three operands, broadcast
  add: Binary;
  sub: Binary;
  mul: Binary;
  div: Binary;
  pow: Binary;
  maximum: Binary;
  minimum: Binary;
  equal: Binary;
  notEqual: Binary;
  less: Binary;
  lessEqual: Binary;
  /** g · (1 − a²) and g · a·(1 − a): the gradients of tanh and sigmoid, in one pass. */
  tanhGrad: Binary;
  sigmoidGrad: Binary;
  where: Signature<readonly [condition: Tensor, a: Tensor, b: Tensor]>;

  // reductions; the output keeps reduced axes as size 1, so that it broadcasts back
  sum: Signature<readonly [x: Tensor], { readonly axes: readonly number[] }>;
  max: Signature<readonly [x: Tensor], { readonly axes: readonly number[] }>;
  min: Signature<readonly [x: Tensor], { readonly axes: readonly number[] }>;
  argmax: Signature<readonly [x: Tensor], { readonly axis: number }>;
  argsort: Signature<readonly [x: Tensor], { readonly axis: number; readonly descending: boolean }>;

  // products
  matmul: Binary;
  /** x·Wᵀ + plus, for matrices; plus is a bias or of the result's shape. */
  linear: Signature<readonly [x: Tensor, weight: Tensor, plus: Tensor]>;

  // views: the same storage
  /** Another handle on the same tensor: `newHandle` in @chronograd/autograd. */
  alias: Unary;
  reshape: Unary;
  permute: Signature<readonly [x: Tensor], { readonly order: readonly number[] }>;
  expand: Unary;
  slice: Signature<readonly [x: Tensor], SliceParams>;
  /** One position along one axis, which is dropped. */
  select: Signature<readonly [x: Tensor], { readonly axis: number; readonly index: number }>;
  flip: Signature<readonly [x: Tensor], { readonly axes: readonly number[] }>;

  // moves: copies to other places
  /** The adjoint of slice: `x` copied into a filled block, from `starts` on and `steps` apart. */
  pad: Signature<readonly [x: Tensor], SliceParams>;
  concat: Signature<readonly Tensor[], { readonly axis: number }>;
  gather: Signature<readonly [table: Tensor, indices: Tensor]>;
  scatterRows: Signature<readonly [g: Tensor, indices: Tensor], { readonly rows: number }>;
  cast: Signature<readonly [x: Tensor], { readonly from: Dtype; readonly to: Dtype }>;

  // losses
  crossEntropy: Signature<
    readonly [logits: Tensor, targets: Tensor],
    { readonly ignore: number },
    readonly [loss: Tensor, probabilities: Tensor]
  >;
  crossEntropyGrad: Signature<
    readonly [g: Tensor, probabilities: Tensor, targets: Tensor],
    { readonly ignore: number }
  >;

  // a function with its own backward pass: `customGradient` in @chronograd/autograd
  custom: Signature<
    readonly Tensor[],
    {
      readonly name: string;
      readonly backward: (g: Tensor, output: Tensor, ...inputs: Tensor[]) => readonly (Tensor | null)[];
    }
  >;
  /**
   * A function that the backward pass recomputes: `checkpoint` in @chronograd/autograd. `backward`
   * gets a cotangent for each output, or null, and gives one for each input.
   */
  checkpoint: Signature<
    readonly Tensor[],
    { readonly backward: (g: readonly (Tensor | null)[]) => readonly (Tensor | null)[] },
    readonly Tensor[]
  >;
}

export type PrimitiveName = keyof Primitives;
