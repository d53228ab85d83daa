/**
 * Storage: the elements of a tensor and its views. It is of one of three kinds (docs/memory.md):
 * - arena: made inside a scope, and freed with it;
 * - persistent: parameters and optimizer state, in blocks of the heap, freed when nothing refers to
 *   them;
 * - host: a typed array of JavaScript, which the garbage collector owns. It is copied into the
 *   arena when a kernel needs it.
 */
import { type Dtype, elementBytes, type TypedArray, typedArray } from '../dtype.ts';
import { hostCall, unsupported } from '../effects.ts';
import { type ChronogradError, OutOfMemoryError, ScopeError } from '../errors.ts';
import { runtime } from '../runtime.ts';
import { arena, type Scope } from './arena.ts';
import { onPressure } from './blocks.ts';
import { heap } from './heap.ts';

/**
 * A row-major copy of a transposed matrix: of the one that begins at element `offset`, with
 * `stride` elements between its columns, at one version of its storage.
 */
export interface PackedMatrix {
  readonly offset: number;
  readonly rows: number;
  readonly cols: number;
  readonly stride: number;
  readonly storage: Storage;
  version: number;
}

export class Storage {
  declare readonly dtype: Dtype;
  /** Elements. */
  declare readonly length: number;
  /** The scope that owns an arena storage; else null. */
  declare readonly scope: Scope | null;
  /** The elements of a host storage; else null. */
  declare array: TypedArray | null;
  /**
   * The byte address of the elements. For a host storage it is valid only in the arena's `epoch`.
   */
  declare address: number;
  declare epoch: number;
  /** Incremented by every write to a persistent storage. */
  declare version: number;
  /** The op that made it, for errors. */
  declare readonly origin: string;
  /** Row-major copies of matrices over this storage: see `ops/packed.ts`. */
  declare packedCache: PackedMatrix[] | null;

  constructor(
    dtype: Dtype,
    length: number,
    scope: Scope | null,
    array: TypedArray | null,
    address: number,
    origin: string,
  ) {
    this.dtype = dtype;
    this.length = length;
    this.scope = scope;
    this.array = array;
    this.address = address;
    this.epoch = -1;
    this.version = 0;
    this.origin = origin;
    this.packedCache = null;
  }

  get persistent(): boolean {
    return this.scope === null && this.array === null;
  }
}

/** Returns the arena's memory that no open scope uses to the heap. @returns the number of bytes. */
export function trimArena(): number {
  return arena.trim(runtime.scope === null);
}
onPressure(trimArena);

/**
 * Storage for a result, in the current scope's arena. Not cleared.
 * @throws ScopeError outside of all scopes, where no scope would free it.
 */
export function arenaStorage(dtype: Dtype, length: number, origin: string): Storage {
  const { scope, planner } = runtime;
  if (scope === null) {
    throw new ScopeError(
      `${origin}: expected an open scope for arena memory, got none; wrap the call in scope(…)`,
    );
  }
  const bytes = length * elementBytes(dtype);
  const address = arena.allocate(bytes);
  if (planner !== null) planner.allocated(address, bytes);
  return new Storage(dtype, length, scope, null, address, origin);
}

/** A host storage over an array, which must not change from now on. */
export function hostStorage(array: TypedArray, dtype: Dtype, origin: string): Storage {
  return new Storage(dtype, array.length, null, array, 0, origin);
}

/** A JavaScript array of zeros. @throws OutOfMemoryError */
export function hostArray(dtype: Dtype, length: number): TypedArray {
  try {
    return typedArray(dtype, length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new OutOfMemoryError(
      length * elementBytes(dtype),
      heap.byteLength,
      'the engine refuses an array of that size',
    );
  }
}

/** The address of a persistent storage that was disposed of. */
export const DISPOSED = -1;

/**
 * The byte address of a storage's first element. A host storage is copied into the arena first,
 * unless its copy is still valid.
 * @throws ScopeError for a storage whose scope has closed, or that was disposed of.
 */
export function addressOf(storage: Storage): number {
  if (storage.scope !== null) {
    if (storage.scope.open) return storage.address;
    throw escaped(storage);
  }
  if (storage.array === null) {
    if (storage.address !== DISPOSED) {
      const { planner } = runtime;
      if (planner !== null) planner.guard(storage, 'address', storage.address);
      return storage.address;
    }
    throw new ScopeError(`a ${storage.origin} was used after it had been disposed of; make a new one`);
  }
  return storage.epoch === arena.epoch ? storage.address : copyIn(storage, storage.array);
}

function copyIn(storage: Storage, array: TypedArray): number {
  const address = arena.allocate(array.byteLength);
  hostCall(() => viewOf(storage.dtype, address, array.length).set(array), []);
  runtime.planner?.used.add(storage);
  storage.address = address;
  arena.copied(storage);
  return address;
}

/** A view of heap elements. Use it at once: the next growth of the heap detaches it. */
export function viewOf(dtype: Dtype, address: number, length: number): TypedArray {
  const all = dtype === 'float32' ? heap.float32 : dtype === 'float64' ? heap.float64 : heap.int32;
  const first = address / elementBytes(dtype);
  return all.subarray(first, first + length);
}

/** A storage's elements, to be read at once: the array, or a view of the heap. */
export function elementsOf(storage: Storage): TypedArray {
  const { planner } = runtime;
  if (storage.array !== null && planner?.random.has(storage) !== true) {
    planner?.used.add(storage);
    return storage.array;
  }
  if (planner !== null) {
    planner.unsupported(
      `a value of a tensor made by ${storage.origin} was read`,
      'compute with tensors alone, and read values of what the plan returns',
    );
  }
  return viewOf(storage.dtype, addressOf(storage), storage.length);
}

function escaped(storage: Storage): ChronogradError {
  unsupported(
    `a tensor made by ${storage.origin} outside of the planned function was used, which another call would make elsewhere`,
    'pass it as an argument',
  );
  return new ScopeError(
    `a tensor made by ${storage.origin} was used after the function that it was computed in had returned; return it from that function, or keep a copy while inside with copyOut(x)`,
  );
}
