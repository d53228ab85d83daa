/// <reference lib="esnext.disposable" preserve="true" />
/**
 * Parameters: tensors that stay between calls and change in place. `writePersistent` makes all
 * changes.
 */

import { elementBytes } from './dtype.ts';
import { guard, setGuarded, unsupported } from './effects.ts';
import { DtypeError, ScopeError, ShapeError, showShape } from './errors.ts';
import { disposePersistent, persistentStorage } from './memory/persistent.ts';
import { addressOf, elementsOf, type Storage, viewOf } from './memory/storage.ts';
import { announceWrite } from './recorder.ts';
import { layoutOf, requireTensor, shapeOf, Tensor } from './tensor.ts';

/**
 * A tensor that training changes: weights, biases, learned initial states. It has its own block of
 * the heap, also when made in a scope. The block is freed when nothing refers to the parameter, or
 * at the end of a `using` block.
 * @example const w = new Parameter(normal([128, 65], { random, std: 0.01 }));
 */
export class Parameter extends Tensor {
  #frozen = false;

  /** @param initial the first values; copied. */
  constructor(initial: Tensor) {
    // Throws for a closed scope, before anything is allocated.
    elementsOf(requireTensor('Parameter', initial).storage);
    super(persistentStorage(initial.dtype, initial.size, 'Parameter'), shapeOf(initial), null, 0);
    copyInto(this.storage, initial);
  }

  /** Whether it gets no gradient and optimizers skip it. Default: false. */
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
   * Overwrites the values.
   * @throws ShapeError or DtypeError where `values` do not fit.
   * @throws VersionError while an open tape needs the old values.
   */
  assign(values: Tensor): void {
    requireTensor('assign', values);
    if (showShape(shapeOf(values)) !== showShape(shapeOf(this))) {
      throw new ShapeError(
        `assign: expected the parameter's shape ${showShape(shapeOf(this))}, got ${showShape(shapeOf(values))}`,
      );
    }
    if (values.dtype !== this.dtype) {
      throw new DtypeError(
        `assign: expected the parameter's ${this.dtype}, got ${values.dtype}; cast first: x.cast('${this.dtype}')`,
      );
    }
    writePersistent(this.storage, 'assign', () => copyInto(this.storage, values));
  }

  /** Frees the block at once. Any later use throws. */
  [Symbol.dispose](): void {
    disposePersistent(this.storage);
  }
}

/**
 * Changes a persistent storage: asks the open tapes, runs `write` with the address, and raises the
 * version. For optimizers; other code uses `Parameter.assign`.
 */
export function writePersistent(storage: Storage, what: string, write: (address: number) => void): void {
  if (!storage.persistent)
    throw new ScopeError(
      `${what}: expected a parameter or optimizer state, which alone are written in place`,
    );
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
