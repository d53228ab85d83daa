/** Where sums of gradients are kept between scopes: arrays that are reused at every update. */
import type { Tensor, TypedArray } from '@chronograd/tensor';
import { contiguous, elementsOf, wrap } from '@chronograd/tensor/engine';
import { listBytes, listsOver } from './shared-arrays.ts';

/** The tensors of a gradient, in order. */
export type TensorList = readonly Tensor[];

export class Slots {
  readonly #memory: SharedArrayBuffer | null;
  readonly #count: number;
  #arrays: readonly (readonly TypedArray[])[] | null = null;

  /**
   * @param count the number of lists. @param memory for them; null: ordinary arrays.
   */
  constructor(count: number, memory: SharedArrayBuffer | null) {
    this.#count = count;
    this.#memory = memory;
  }

  /** The arrays of a slot. */
  arraysAt(slot: number): readonly TypedArray[] {
    return this.#arrays?.[slot] ?? [];
  }

  /** Copies a list into a slot. @returns tensors over the copies, until the slot changes. */
  keep(slot: number, list: TensorList): TensorList {
    if (!this.#fits(list)) {
      const memory = this.#memory ?? new ArrayBuffer(listBytes(list) * this.#count);
      this.#arrays = listsOver(memory, list, this.#count);
    }
    const arrays = this.arraysAt(slot);
    return list.map((x, i) => {
      const { storage, offset, size, shape } = contiguous(x);
      const array = arrays[i] as TypedArray;
      array.set(elementsOf(storage).subarray(offset, offset + size));
      return wrap(array, shape, 'shards');
    });
  }

  /** Whether the arrays are of these sizes: others follow when a part of the model is frozen. */
  #fits(list: TensorList): boolean {
    const arrays = this.arraysAt(0);
    return arrays.length === list.length && list.every((x, i) => x.size === arrays[i]?.length);
  }
}
