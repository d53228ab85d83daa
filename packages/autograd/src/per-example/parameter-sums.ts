/** What one parameter has received from each example: the sums, their norms, a weighted sum. */
import { type Dtype, type Tensor, zeros } from '@chronograd/tensor';
import { shapeOf } from '@chronograd/tensor/engine';
import type { Target } from '../cotangent.ts';
import { byKind, type ExampleSums, type Separated } from './example-sums.ts';
import { isShort, type OuterProducts, squaredNorms, weightedSum } from './outer-products.ts';

export class ParameterSums {
  readonly #target: Target;
  readonly #arrived: Separated | null;
  readonly #sums: ExampleSums;
  /** All of it, if it is nothing but outer products of one kind. */
  readonly #products: OuterProducts | null;
  #stacked: Tensor | null = null;

  constructor(target: Target, arrived: Separated | null, sums: ExampleSums) {
    this.#target = target;
    this.#arrived = arrived;
    this.#sums = sums;
    const only = arrived !== null && arrived.dense === null && arrived.stacked === null;
    const kinds = only ? byKind(arrived.pending) : [];
    this.#products = kinds.length === 1 ? kinds[0]! : null;
  }

  /** The gradient of each example: shape [B, …the parameter's]. */
  stacked(): Tensor {
    this.#stacked ??= this.#stack();
    return this.#stacked;
  }

  #stack(): Tensor {
    const { dtype } = this.#target;
    if (this.#arrived === null) return zeros([this.#count, ...shapeOf(this.#target)], { dtype });
    return this.#sums.stackOf(this.#arrived, this.#target);
  }

  /** The squared norm of each: shape [B]. */
  squaredNorms(): Tensor {
    const products = this.#products;
    if (products !== null && isShort(products, this.#count)) return squaredNorms(products, this.#count);
    const stacked = this.stacked();
    return stacked
      .reshape([this.#count, stacked.size / this.#count])
      .square()
      .sum(1);
  }

  /** Σ weight · gradient, with a weight for each example: the parameter's shape. */
  weighted(weights: Tensor): Tensor {
    if (this.#products !== null) return weightedSum(this.#products, weights, this.#target);
    const stacked = this.stacked();
    const flat = stacked.reshape([this.#count, stacked.size / this.#count]);
    return weights.unsqueeze(0).matmul(flat).reshape(shapeOf(this.#target));
  }

  get dtype(): Dtype {
    return this.#target.dtype;
  }

  get #count(): number {
    return this.#sums.examples.count;
  }
}
