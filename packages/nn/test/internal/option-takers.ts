/** Finds, among a module's exports, what takes an options object. The compiler does the search. */
import type { Random, Tensor } from '@chronograd/tensor';

type OptionalKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T];

/**
 * Whether a parameter is an options object: it has an optional key, or a source of random numbers.
 * Tensors, lists, functions, dictionaries and arrays as `{ shape, data }` are arguments.
 */
type IsOptions<P> = P extends
  | Tensor
  | ArrayLike<unknown>
  | ((...args: never) => unknown)
  | { readonly data: unknown }
  ? false
  : P extends object
    ? string extends keyof P
      ? false
      : [OptionalKeys<P>] extends [never]
        ? P extends { readonly random: Random }
          ? true
          : false
        : true
    : false;

type AnyOptions<Args extends readonly unknown[]> = {
  [I in keyof Args]-?: IsOptions<NonNullable<Args[I]>>;
}[number];

type Takes<F, Name extends string> = F extends (...args: infer Args) => unknown
  ? true extends AnyOptions<Args>
    ? Name
    : never
  : never;

type MethodsThatTake<I, Name extends string> = {
  [M in keyof I & string]: Takes<I[M], `${Name}.${M}`>;
}[keyof I & string];

/** Errors are made by the packages alone. */
type ClassThatTakes<C, Name extends string> = C extends abstract new (
  ...args: infer Args
) => infer I
  ? I extends Error
    ? never
    : (true extends AnyOptions<Args> ? Name : never) | MethodsThatTake<I, Name>
  : never;

/** The functions, classes and methods (such as `LSTM.forward`) of a module that take options. */
export type OptionTakers<M> = {
  [K in keyof M & string]: Takes<M[K], K> | ClassThatTakes<M[K], K>;
}[keyof M & string];
