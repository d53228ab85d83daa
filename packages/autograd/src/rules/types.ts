/** Types of the rule table, mapped over all primitives: the compiler names a missing rule. */
import type { Tensor } from '@chronograd/tensor';
import type { PrimitiveName, Primitives } from '@chronograd/tensor/engine';
import type { Cotangent, Pending } from '../cotangent.ts';

/** A tensor for one output, a tuple for several. A cotangent is null where no gradient arrived. */
type OutputOf<Outputs extends readonly Tensor[]> = Outputs extends readonly [Tensor] ? Tensor : Outputs;
type CotangentOf<Outputs extends readonly Tensor[]> = Outputs extends readonly [Tensor]
  ? Tensor
  : { readonly [I in keyof Outputs]: Tensor | null };

/** One input's cotangent, from the output's `g`, the output `y`, the inputs and the params. */
export type Arrow<K extends PrimitiveName> = (
  g: CotangentOf<Primitives[K]['outputs']>,
  y: OutputOf<Primitives[K]['outputs']>,
  ...rest: [...Primitives[K]['inputs'], Primitives[K]['params']]
) => Cotangent;

/** The rule of a primitive with any number of inputs: all their cotangents, or null. */
export type Variadic<K extends PrimitiveName> = (
  g: CotangentOf<Primitives[K]['outputs']>,
  y: OutputOf<Primitives[K]['outputs']>,
  inputs: readonly Tensor[],
  params: Primitives[K]['params'],
) => readonly (Cotangent | null)[];

/** Marks a primitive whose output is piecewise constant, or an input that no gradient reaches. */
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
