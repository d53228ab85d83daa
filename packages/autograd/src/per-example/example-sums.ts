/** Sums of cotangents, kept apart by example: a slot for each tensor on a tape. */
import { arange, equal, type Tensor, where, zerosLike } from '@chronograd/tensor';
import { addInto, runtime, sameShape, shapeOf, sizeOf } from '@chronograd/tensor/engine';
import { type Cotangent, materialize, Product, Region, Rows, sumTo, type Target } from '../cotangent.ts';
import { type Examples, MIXED } from './example-axis.ts';
import { joined, type OuterProducts, ofEachExample, outerProductsOf } from './outer-products.ts';

/** What has arrived at one tensor. The sum is that of all three. */
export interface Separated {
  /** Of the tensor's shape: each element belongs to one example. */
  dense: Tensor | null;
  /** Whether `dense` may change in place. */
  owned: boolean;
  /** Shape [B, …the tensor's]: the cotangent of each example. */
  stacked: Tensor | null;
  readonly pending: OuterProducts[];
}

export class ExampleSums {
  readonly examples: Examples;
  readonly #slots: (Separated | undefined)[] = [];

  constructor(examples: Examples) {
    this.examples = examples;
  }

  /** Takes what has arrived out of a slot. */
  take(slot: number): Separated | null {
    const found = this.#slots[slot];
    this.#slots[slot] = undefined;
    return found ?? null;
  }

  /**
   * Adds a cotangent that holds all examples.
   * @returns false, and adds nothing, if it has added them up.
   */
  add(slot: number, target: Target, cotangent: Cotangent): boolean {
    const { examples } = this;
    if (cotangent instanceof Product || cotangent instanceof Rows) {
      const products = outerProductsOf(cotangent, examples);
      if (products === null) return this.add(slot, target, materialize(cotangent, target));
      this.#at(slot).pending.push(products);
      return true;
    }
    if (cotangent instanceof Region) {
      if (!runtime.differentiating && this.#addRegion(slot, target, cotangent)) return true;
      return this.add(slot, target, materialize(cotangent, target));
    }
    if ((examples.strideOf(cotangent) ?? MIXED) === MIXED) return false;
    if (sameShape(shapeOf(cotangent), shapeOf(target))) this.#addDense(slot, cotangent);
    else this.#addBroadcast(slot, target, cotangent);
    return true;
  }

  /** Adds the cotangents of each example: shape [B, …target's]. */
  addStacked(slot: number, stacked: Tensor): void {
    const sum = this.#at(slot);
    sum.stacked = sum.stacked === null ? stacked : sum.stacked.add(stacked);
  }

  /** Adds the rows of outer products, as they are. */
  addPending(slot: number, products: OuterProducts): void {
    this.#at(slot).pending.push(products);
  }

  /** All of it as the cotangents of each example: shape [B, …target's]. */
  stackOf(sum: Separated, target: Target): Tensor {
    const { count } = this.examples;
    const parts: Tensor[] = sum.stacked === null ? [] : [sum.stacked];
    for (const products of byKind(sum.pending)) parts.push(ofEachExample(products, target, count));
    if (sum.dense !== null) parts.push(this.#spread(sum.dense));
    return parts.reduce((a, b) => a.add(b));
  }

  #at(slot: number): Separated {
    this.#slots[slot] ??= { dense: null, owned: false, stacked: null, pending: [] };
    return this.#slots[slot];
  }

  #addDense(slot: number, g: Tensor): void {
    const { examples } = this;
    const sum = this.#at(slot);
    if (sum.dense === null) {
      sum.dense = g;
      sum.owned = false;
    } else if (examples.strideOf(sum.dense) !== examples.strideOf(g)) {
      this.addStacked(slot, this.#spread(g));
    } else if (sum.owned) addInto(sum.dense, g);
    else {
      sum.dense = sum.dense.add(g);
      sum.owned = !runtime.differentiating;
    }
  }

  /** Sums over the axes that were broadcast, but not over the examples. */
  #addBroadcast(slot: number, target: Target, g: Tensor): void {
    const { examples } = this;
    const { count } = examples;
    const shape = shapeOf(target);
    const from = shapeOf(g);
    const lead = from.length - shape.length;
    const at = examples.axisOf(g);
    const broadcast = at !== null && (at.axis < lead || shape[at.axis - lead] === 1);
    if (at === null) return this.addStacked(slot, this.#summed(this.#spread(g), shape));
    if (!broadcast) return this.#addDense(slot, sumTo(g, shape));
    const { axis, inner } = at;
    const outer = from[axis]! / (inner * count);
    const split = g.reshape([...from.slice(0, axis), outer, count, inner, ...from.slice(axis + 1)]);
    const first = split.permute([axis + 1, ...range(axis + 1), ...range(split.rank).slice(axis + 2)]);
    // The examples are the first axis. Before it the shape is that of `g`, with `outer` · `inner`.
    const merged = first.reshape([count, ...from.slice(0, axis), outer * inner, ...from.slice(axis + 1)]);
    this.addStacked(slot, this.#summed(merged, shape));
  }

  /** [B, …g's] → [B, …shape]. */
  #summed(stacked: Tensor, shape: readonly number[]): Tensor {
    const lead = shapeOf(stacked).length - 1 - shape.length;
    const ones = new Array<number>(lead).fill(1);
    return sumTo(stacked, [this.examples.count, ...ones, ...shape]).reshape([this.examples.count, ...shape]);
  }

  /** In place, into a view of the slot's own buffer. */
  #addRegion(slot: number, target: Target, { g, view }: Region): boolean {
    const { examples } = this;
    const stride = examples.strideOf(g);
    const sum = this.#at(slot);
    const own = sum.dense !== null && sum.owned ? sum.dense : zerosLike(target);
    const before = examples.strideOf(own);
    for (const candidate of before === undefined ? this.#strides(target) : [before]) {
      examples.set(own, candidate);
      const place = view(own);
      if (examples.strideOf(place) !== stride || stride === MIXED) continue;
      if (own !== sum.dense && sum.dense !== null) {
        if (examples.strideOf(sum.dense) !== candidate) continue;
        addInto(own, sum.dense);
      }
      addInto(place, g);
      sum.dense = own;
      sum.owned = true;
      return true;
    }
    return false;
  }

  /** Every stride that a tensor can have. */
  #strides(target: Target): number[] {
    const shape = shapeOf(target);
    return shape.flatMap((size, axis) => {
      const after = sizeOf(shape.slice(axis + 1));
      const inners = range(size + 1).filter((i) => i > 0 && size % (i * this.examples.count) === 0);
      return inners.map((inner) => inner * after);
    });
  }

  /** [B, …]: for each example its elements, and 0 elsewhere. */
  #spread(dense: Tensor): Tensor {
    const { count } = this.examples;
    const stride = this.examples.strideOf(dense)!;
    const blocks = dense.size / (stride * count);
    const each = arange(count, { dtype: 'int32' });
    const mine = equal(each.reshape([count, 1, 1, 1]), each.reshape([1, 1, count, 1]));
    const spread = where(mine, dense.reshape([1, blocks, count, stride]), 0);
    return spread.reshape([count, ...shapeOf(dense)]);
  }
}

/** The outer products of each kind as one. */
export function byKind(pending: readonly OuterProducts[]): OuterProducts[] {
  return (['product', 'rows', 'columns'] as const).flatMap((kind) => {
    const some = pending.filter((each) => each.kind === kind);
    return some.length === 0 ? [] : [joined(some)];
  });
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
