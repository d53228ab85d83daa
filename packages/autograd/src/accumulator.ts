/** Sums of cotangents: a slot for each tensor on a tape, in place if the engine owns the buffer. */
import { concat, type Tensor, zerosLike } from '@chronograd/tensor';
import {
  addInto,
  addRowsInto,
  contiguous,
  multiply,
  runtime,
  sameShape,
  shapeOf,
} from '@chronograd/tensor/engine';
import { watchSum } from './anomaly.ts';
import {
  type Cotangent,
  materialize,
  type Pending,
  Product,
  Region,
  Rows,
  sumTo,
  type Target,
} from './cotangent.ts';

export class Accumulator {
  readonly #dense: (Tensor | undefined)[] = [];
  /** Whether only this accumulator refers to a slot's dense buffer. It may then change in place. */
  readonly #owned: boolean[] = [];
  readonly #pending: (Pending[] | undefined)[] = [];

  /** Adds a cotangent to a slot. `target` is the tensor that the slot belongs to. */
  add(slot: number, target: Target, cotangent: Cotangent): void {
    if (runtime.differentiating) return this.#addRecorded(slot, target, cotangent);
    if (cotangent instanceof Product || cotangent instanceof Rows) {
      const pending = this.#pending[slot];
      if (pending === undefined) this.#pending[slot] = [cotangent];
      else pending.push(cotangent);
    } else if (cotangent instanceof Region) {
      addTo(cotangent.view(this.#own(slot, target)), cotangent.g);
    } else this.#addDense(slot, target, cotangent);
  }

  /** Takes the sum out of a slot. Undefined for an empty slot. */
  take(slot: number, target: Target): Tensor | undefined {
    const pending = this.#pending[slot];
    if (pending !== undefined) this.#addUp(slot, target, pending);
    const sum = this.#dense[slot];
    this.#dense[slot] = undefined;
    this.#owned[slot] = false;
    return sum;
  }

  /** Takes the pending cotangents out of a slot. Undefined if it also holds a dense sum. */
  takePending(slot: number): Pending[] | undefined {
    if (this.#dense[slot] !== undefined) return undefined;
    const pending = this.#pending[slot];
    this.#pending[slot] = undefined;
    return pending;
  }

  /** Under an outer tape nothing changes in place, so that it can be differentiated again. */
  #addRecorded(slot: number, target: Target, cotangent: Cotangent): void {
    const g = sumTo(materialize(cotangent, target), shapeOf(target));
    const sum = this.#dense[slot];
    this.#dense[slot] = sum === undefined ? g : sum.add(g);
  }

  #addDense(slot: number, target: Target, cotangent: Tensor): void {
    const g = sameShape(shapeOf(cotangent), shapeOf(target)) ? cotangent : sumTo(cotangent, shapeOf(target));
    const sum = this.#dense[slot];
    if (sum === undefined) {
      this.#dense[slot] = g;
      this.#owned[slot] = false;
    } else if (this.#owned[slot] === true) addTo(sum, g);
    else {
      this.#dense[slot] = sum.add(g);
      this.#owned[slot] = true;
    }
  }

  /** The slot's owned buffer: zeros, or a copy of the first cotangent. */
  #own(slot: number, target: Target): Tensor {
    const sum = this.#dense[slot];
    if (sum !== undefined && this.#owned[slot] === true) return sum;
    const own = zerosLike(target);
    if (sum !== undefined) addInto(own, sum);
    this.#dense[slot] = own;
    this.#owned[slot] = true;
    return own;
  }

  #addUp(slot: number, target: Target, pending: Pending[]): void {
    this.#pending[slot] = undefined;
    const products: Product[] = [];
    const straight: Rows[] = [];
    const transposed: Rows[] = [];
    for (const each of pending) {
      if (each instanceof Product) products.push(each);
      else (each.transposed ? transposed : straight).push(each);
    }
    if (straight.length > 0) this.#scatter(this.#own(slot, target), straight);
    if (transposed.length > 0) {
      const [rows, columns] = shapeOf(target) as [number, number];
      const table = zerosLike({ shape: [columns, rows], dtype: target.dtype });
      this.#scatter(table, transposed);
      this.#addDense(slot, target, table.transpose());
    }
    if (products.length > 0) this.#multiplyOut(slot, target, products);
  }

  #scatter(table: Tensor, rows: readonly Rows[]): void {
    for (const { g, indices } of rows) {
      if (runtime.checkAnomalies) watchSum('add', table, [g], () => addRowsInto(table, indices, g));
      else addRowsInto(table, indices, g);
    }
  }

  /** All products of a slot as one: [a₁ a₂ …]·[b₁; b₂; …] = a₁·b₁ + a₂·b₂ + … */
  #multiplyOut(slot: number, target: Target, products: readonly Product[]): void {
    const first = products[0]!;
    const left =
      products.length === 1 ? first.a : concat(products.map((each) => each.a.transpose())).transpose();
    const right = products.length === 1 ? first.b : concat(products.map((each) => each.b));
    const sum = this.#dense[slot];
    if (sum === undefined) {
      this.#dense[slot] = left.matmul(right);
      this.#owned[slot] = true;
      return;
    }
    const own = this.#own(slot, target);
    const multiplyInto = (): void => multiply(left, contiguous(right), own, true);
    if (runtime.checkAnomalies) watchSum('matmul', own, [left, right], multiplyInto);
    else multiplyInto();
  }
}

/** In-place sums are not recorded, so anomalies are detected here. */
function addTo(sum: Tensor, g: Tensor): void {
  if (runtime.checkAnomalies) watchSum('add', sum, [g], () => addInto(sum, g));
  else addInto(sum, g);
}
