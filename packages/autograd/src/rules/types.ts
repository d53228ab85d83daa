/** The shape of the rule table: a mapped type over the list of primitives, so that the compiler names the rule that is missing. */
import type { Tensor } from '@chronograd/tensor';
import type { PrimitiveName, Primitives } from '@chronograd/tensor/engine';
import type { Cotangent, Pending } from '../cotangent.ts';

/** Tensor for a primitive of one output, a tuple for one of several; in a cotangent, null where no gradient came. */
type OutputOf<Outputs extends readonly Tensor[]> = Outputs extends readonly [Tensor] ? Tensor : Outputs;
type CotangentOf<Outputs extends readonly Tensor[]> = Outputs extends readonly [Tensor]
  ? Tensor
  : { readonly [I in keyof Outputs]: Tensor | null };

/** One input's rule: from the output's cotangent `g`, the output `y`, the inputs and the parameters, to the input's cotangent. */
export type Arrow<K extends PrimitiveName> = (
  g: CotangentOf<Primitives[K]['outputs']>,
  y: OutputOf<Primitives[K]['outputs']>,
  ...rest: [...Primitives[K]['inputs'], Primitives[K]['params']]
) => Cotangent;

/** The rule of a primitive with any number of inputs: all cotangents at once, null for an input that gets none. */
export type Variadic<K extends PrimitiveName> = (
  g: CotangentOf<Primitives[K]['outputs']>,
  y: OutputOf<Primitives[K]['outputs']>,
  inputs: readonly Tensor[],
  params: Primitives[K]['params'],
) => readonly (Cotangent | null)[];

/** Says of a primitive that its output is piecewise constant, or of an input that no gradient reaches it. */
export const constant = 'constant';
export type Constant = typeof constant;

/** An arrow that can also send on pending cotangents (products, rows) as they are, not added up. */
export interface Passing<K extends PrimitiveName> {
  readonly pull: Arrow<K>;
  /** The same map for pending cotangents; null where there is none for these params. */
  readonly passOn: (params: Primitives[K]['params']) => ((pending: Pending) => Pending) | null;
}

/** An arrow for each input; one function for all where their number is open; or `constant`. */
export type Rule<K extends PrimitiveName> =
  | (number extends Primitives[K]['inputs']['length']
      ? Variadic<K>
      : Each<Primitives[K]['inputs'], Arrow<K> | Passing<K> | Constant>)
  | Constant;

/** A tuple as long as the inputs. */
type Each<Inputs extends readonly Tensor[], A> = { readonly [I in keyof Inputs]: A };

/** A rule for every primitive of a family. */
export type Rules<K extends PrimitiveName> = { readonly [Name in K]: Rule<Name> };
