/**
 * What distinguishes the reference kernels of one dtype from those of another: the loops are
 * written once.
 */
import type { Heap } from '../../memory/heap.ts';
import { cos32, erf32, exp32, expm1_32, log1p32, log32, pow32, sigmoid32, sin32, tanh32 } from './math32.ts';
import { cos64, erf64, exp64, expm1_64, log1p64, log64, pow64, sigmoid64, sin64, tanh64 } from './math64.ts';

/** How the elements of one dtype are found in the heap, and how a result is rounded to it. */
export interface Element {
  /**
   * The whole heap as elements. Read afresh in every kernel: growing the heap detaches older views.
   */
  readonly view: () => Float32Array | Float64Array | Int32Array;
  /** Turns a byte address into an index of the view. `>>>` and not `>>`: addresses reach 4 GiB. */
  readonly index: (address: number) => number;
  /**
   * The nearest value of the dtype. Storing into a view rounds too, so a kernel only names the
   * rounding of its intermediates. For + − × ÷ and √ of float32, rounding the float64 result is
   * exactly the float32 operation (Figueroa 1995).
   */
  readonly round: (x: number) => number;
  readonly multiply: (x: number, y: number) => number;
}

/** A float dtype has elementary functions as well. */
export interface FloatElement extends Element {
  readonly exp: (x: number) => number;
  readonly expm1: (x: number) => number;
  readonly log: (x: number) => number;
  readonly log1p: (x: number) => number;
  readonly tanh: (x: number) => number;
  readonly sigmoid: (x: number) => number;
  readonly sin: (x: number) => number;
  readonly cos: (x: number) => number;
  readonly erf: (x: number) => number;
  readonly pow: (x: number, y: number) => number;
}

/**
 * One closure for all dtypes rather than one function each: engines inline a call whose targets
 * share their code, and a kernel runs about twice as fast for it.
 */
function rounding(dtype: 'float32' | 'float64' | 'int32'): (x: number) => number {
  return (x) => (dtype === 'float64' ? x : dtype === 'float32' ? Math.fround(x) : x | 0);
}

const product = (x: number, y: number): number => x * y;

export function float32Element(heap: Heap): FloatElement {
  return {
    view: () => heap.float32,
    index: (address) => address >>> 2,
    round: rounding('float32'),
    multiply: product,
    exp: exp32,
    expm1: expm1_32,
    log: log32,
    log1p: log1p32,
    tanh: tanh32,
    sigmoid: sigmoid32,
    sin: sin32,
    cos: cos32,
    erf: erf32,
    pow: pow32,
  };
}

export function float64Element(heap: Heap): FloatElement {
  return {
    view: () => heap.float64,
    index: (address) => address >>> 3,
    round: rounding('float64'),
    multiply: product,
    exp: exp64,
    expm1: expm1_64,
    log: log64,
    log1p: log1p64,
    tanh: tanh64,
    sigmoid: sigmoid64,
    sin: sin64,
    cos: cos64,
    erf: erf64,
    pow: pow64,
  };
}

export function int32Element(heap: Heap): Element {
  return {
    view: () => heap.int32,
    index: (address) => address >>> 2,
    round: rounding('int32'),
    // A product of two int32 may exceed 2⁵³: float64 would lose its low bits before they wrap.
    multiply: Math.imul,
  };
}
