/** Typed arrays of tensors in one memory, shared or not, one after another. */
import type { Tensor, TypedArray } from '@chronograd/tensor';

/** The part of a host that shares memory between threads. */
interface Host {
  readonly SharedArrayBuffer?: SharedArrayBufferConstructor;
  readonly crossOriginIsolated?: boolean;
}

const { SharedArrayBuffer: Shared, crossOriginIsolated } = globalThis as unknown as Host;

/** Whether memory can be shared: in Node, and in pages that are cross-origin isolated. */
export const canShare: boolean = Shared !== undefined && crossOriginIsolated !== false;

/** A multiple of 8, so that every dtype can follow. */
const bytesOf = (x: Tensor): number => Math.ceil((x.size * (x.dtype === 'float64' ? 8 : 4)) / 8) * 8;

/** The bytes of the tensors of a list. */
export const listBytes = (tensors: readonly Tensor[]): number =>
  tensors.reduce((sum, x) => sum + bytesOf(x), 0);

/** Shared memory for the tensors of a list, `copies` times. */
export const sharedMemory = (tensors: readonly Tensor[], copies: number): SharedArrayBuffer =>
  new SharedArrayBuffer(listBytes(tensors) * copies);

/** Views of the memory, in the order of the tensors. */
export function listsOver(
  memory: SharedArrayBuffer | ArrayBuffer,
  tensors: readonly Tensor[],
  copies: number,
): readonly (readonly TypedArray[])[] {
  let at = 0;
  return Array.from({ length: copies }, () =>
    tensors.map((x) => {
      const from = at;
      at += bytesOf(x);
      if (x.dtype === 'float64') return new Float64Array(memory, from, x.size);
      if (x.dtype === 'float32') return new Float32Array(memory, from, x.size);
      return new Int32Array(memory, from, x.size);
    }),
  );
}
