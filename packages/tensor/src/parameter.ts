/// <reference lib="esnext.disposable" preserve="true" />
/** Parameters: tensors that live on between calls and change in place, through one door. */

import { elementBytes } from './dtype.ts';
import { guard, setGuarded, unsupported } from './effects.ts';
import { DtypeError, ScopeError, ShapeError, showShape } from './errors.ts';
import {
  addressOf,
  disposePersistent,
  elementsOf,
  persistentStorage,
  type Storage,
  viewOf,
} from './memory/storage.ts';
import { announceWrite } from './recorder.ts';
import { layoutOf, requireTensor, shapeOf, Tensor } from './tensor.ts';

/**
 * A tensor that training changes: weights, biases, learned initial states. It has a block of its own in the heap wherever it is
 * made, and is freed once nothing refers to it, or at the end of a `using` block.
 * @example const w = new Parameter(normal([128, 65], { random, std: 0.01 }));
 */
export class Parameter extends Tensor {
  #frozen = false;

  /** @param initial the first values; copied. */
  constructor(initial: Tensor) {
    elementsOf(requireTensor('Parameter', initial).storage); // throws for what is gone, before anything is allocated
    super(persistentStorage(initial.dtype, initial.size, 'Parameter'), shapeOf(initial), null, 0);
    copyInto(this.storage, initial);
  }

  /** A frozen parameter gets no gradient, and optimizers pass it by. False unless set. */
  get frozen(): boolean {
    guard(this, 'frozen', this.#frozen);
    return this.#frozen;
  }
  set frozen(value: boolean) {
    setGuarded(this, 'frozen', () => {
      this.#frozen = value;
    });
  }

  /**
   * Overwrites the values. Cached forms of the older ones are dropped.
   * @throws ShapeError or DtypeError where `values` do not fit.
   * @throws VersionError while a tape is open that saved the older values.
   */
  assign(values: Tensor): void {
    requireTensor('assign', values);
    if (showShape(shapeOf(values)) !== showShape(shapeOf(this))) {
      throw new ShapeError(
        `assign: shape ${showShape(shapeOf(values))} came, the parameter's ${showShape(shapeOf(this))} was expected`,
      );
    }
    if (values.dtype !== this.dtype) {
      throw new DtypeError(
        `assign: ${values.dtype} came, the parameter's ${this.dtype} was expected; cast first: x.cast('${this.dtype}')`,
      );
    }
    writePersistent(this.storage, 'assign', () => copyInto(this.storage, values));
  }

  /** Gives the block back at once. Any later use throws. */
  [Symbol.dispose](): void {
    disposePersistent(this.storage);
  }
}

/**
 * The one door through which persistent storages change: asks the open tapes, runs `write` with the address, and raises the version.
 * For optimizers; everyone else uses `Parameter.assign`.
 */
export function writePersistent(storage: Storage, what: string, write: (address: number) => void): void {
  if (!storage.persistent)
    throw new ScopeError(`${what}: only parameters and optimizer state are written in place`);
  unsupported(`${what} wrote a parameter`, 'write parameters after the planned function has returned');
  announceWrite(storage, what);
  const address = addressOf(storage);
  storage.version++; // first: a write that throws halfway has changed something too
  write(address);
}

function copyInto(storage: Storage, values: Tensor): void {
  const from = layoutOf(values) === null ? elementsOf(values.storage) : values.toTypedArray();
  const start = layoutOf(values) === null ? values.offset : 0;
  viewOf(storage.dtype, addressOf(storage), storage.length).set(from.subarray(start, start + values.size));
}

/** Bytes of a tensor's elements. */
export function bytesOf(x: Tensor): number {
  return x.size * elementBytes(x.dtype);
}
