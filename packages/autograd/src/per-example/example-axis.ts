/**
 * Where the examples are in a cotangent. The loss of each example sends back a separate cotangent.
 * As long as these have no element in common, one tensor holds all of them, and it is enough to
 * know which element belongs to which example.
 */
import type { Shape, Tensor } from '@chronograd/tensor';
import { type PrimitiveName, type Recorder, shapeOf, sizeOf } from '@chronograd/tensor/engine';
import { type Carry, carries } from './carries.ts';

/** Of element i in row-major order, the example is ⌊i / stride⌋ mod B. */
export type Stride = number;

/** The same on one axis: of index i, the example is ⌊i / inner⌋ mod B. */
export interface ExampleAxis {
  readonly axis: number;
  readonly inner: number;
}

/** The stride of a tensor with elements that belong to several examples, or to unknown ones. */
export const MIXED: Stride = 0;

/**
 * Follows examples through the ops of a backward pass. A tensor that it does not list is a
 * constant, the same for all examples.
 */
export class Examples implements Recorder {
  readonly differentiates = false;
  /** B. The axis of a tensor is clear from 2 on. */
  readonly count: number;
  /** How many results were mixed. */
  mixed = 0;
  readonly #strides = new Map<Tensor, Stride>();

  constructor(count: number) {
    this.count = count;
  }

  record(
    name: PrimitiveName,
    inputs: readonly Tensor[],
    params: unknown,
    output: Tensor,
    others: readonly Tensor[] | null,
  ): void {
    if (!inputs.some((x) => this.#strides.has(x))) return;
    for (const each of others === null ? [output] : [output, ...others]) {
      const stride = this.#carried(name, inputs, params, each);
      if (stride === MIXED) this.mixed++;
      this.#strides.set(each, stride);
    }
  }

  beforeWrite(): void {}

  /** Undefined for a constant. */
  strideOf(x: Tensor): Stride | undefined {
    return this.#strides.get(x);
  }

  set(x: Tensor, stride: Stride): void {
    this.#strides.set(x, stride);
  }

  /** The axis of a tensor that has the examples. Null if they are not on one axis. */
  axisOf(x: Tensor): ExampleAxis | null {
    const stride = this.#strides.get(x) ?? MIXED;
    return stride === MIXED ? null : this.axisIn(shapeOf(x), stride);
  }

  /** As `axisOf`, for a tensor of this shape and stride. */
  axisIn(shape: Shape, stride: Stride): ExampleAxis | null {
    let after = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const size = shape[axis]!;
      if (stride % after === 0 && size % ((stride / after) * this.count) === 0 && size > 1)
        return { axis, inner: stride / after };
      after *= size;
    }
    return null;
  }

  #carried(name: string, inputs: readonly Tensor[], params: unknown, output: Tensor): Stride {
    const carry = (carries as Readonly<Record<string, Carry | undefined>>)[name];
    if (carry === undefined) return MIXED;
    let found: Stride | undefined;
    for (let i = 0; i < inputs.length; i++) {
      const x = inputs[i]!;
      const stride = this.#strides.get(x);
      if (stride === undefined) continue;
      const own = this.#through(carry, i, x, stride, inputs, params, output);
      if (own === MIXED || (found !== undefined && found !== own)) return MIXED;
      found = own;
    }
    return found ?? MIXED;
  }

  /** The stride of the output, by that of its input `i`. */
  #through(
    carry: Carry,
    i: number,
    x: Tensor,
    stride: Stride,
    inputs: readonly Tensor[],
    params: unknown,
    output: Tensor,
  ): Stride {
    if (carry === 'order') return stride;
    const at = stride === MIXED ? null : this.axisIn(shapeOf(x), stride);
    if (at === null) return MIXED;
    const axis = carry({ i, axis: at.axis, block: at.inner * this.count, inputs, params, output });
    return axis < 0 ? MIXED : at.inner * sizeOf(shapeOf(output).slice(axis + 1));
  }
}
