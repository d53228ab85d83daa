/** A stream: its buffers, and the planned step that reads and writes them. */
import {
  copyOut,
  type Plan,
  plan,
  ShapeError,
  scope,
  Tensor,
  type TypedArray,
  ValueError,
} from '@chronograd/tensor';
import {
  describeValue,
  disposePersistent,
  runtime,
  segment,
  shapeOf,
  showShape,
} from '@chronograd/tensor/engine';
import { inEvaluation } from '../internal/evaluation.ts';
import {
  apartFromBuffers,
  bufferLike,
  bufferOf,
  copyOfBuffer,
  copyTo,
  dtypeOfArray,
  elementsAt,
  fillBuffer,
  requireForm,
  wroteBuffer,
} from './buffers.ts';
import { refuseTape, requireFits, requireOutputs, tensorOf } from './require.ts';
import { StateForm } from './state-form.ts';
import type { LiveStream, StreamOptions, Unrollable } from './types.ts';

/** What is no tensor in a state, in order. */
type Others = readonly unknown[];
const NONE: Others = [];
type Step = (others?: Others) => Others | undefined;
const notTensor = (leaf: unknown): boolean => !(leaf instanceof Tensor);

export class Live<State> implements LiveStream<State> {
  readonly batch: number;
  readonly #model: Unrollable<State>;
  readonly #head: (output: Tensor) => Tensor;
  readonly #step: Step | Plan<[Others] | [], Others | undefined>;
  readonly #form: StateForm<State>;
  /** The leaves of the state; each tensor is a buffer. */
  #leaves: readonly unknown[];
  readonly #buffers: readonly Tensor[];
  #others: Others;
  #input: Tensor | null = null;
  #output: Tensor | null = null;
  #pushed = false;

  constructor(model: Unrollable<State>, { batch, head, plan: planned }: Required<StreamOptions>) {
    this.batch = batch;
    this.#model = model;
    this.#head = head;
    const state = this.#initialState();
    this.#form = new StateForm(state);
    this.#leaves = this.#form.leaves('stream', state).map((x) => (x instanceof Tensor ? bufferOf(x) : x));
    this.#buffers = this.#leaves.filter((leaf) => leaf instanceof Tensor);
    this.#others = this.#leaves.filter(notTensor);
    // A state of tensors alone needs no arguments and no results, which a plan would copy.
    const step: Step =
      this.#others.length === 0 ? () => void this.#advance(NONE) : (others = NONE) => this.#advance(others);
    this.#step = planned ? plan(step) : step;
  }

  get state(): State {
    return this.#form.build(this.#now(this.#others).map((x) => (x instanceof Tensor ? copyOfBuffer(x) : x)));
  }
  set state(state: State) {
    this.#assign(state, 'state');
  }

  get output(): Tensor | null {
    return this.#pushed && this.#output !== null ? copyOfBuffer(this.#output) : null;
  }

  reset(): void {
    this.#assign(this.#initialState(), 'reset');
  }

  ahead<R>(body: () => R): R {
    const { state, output } = this;
    try {
      return body();
    } finally {
      this.#assign(state, 'ahead');
      this.#pushed = output !== null;
      if (output !== null) fillBuffer(this.#output as Tensor, output.toTypedArray());
    }
  }

  push(x: Tensor | TypedArray): Tensor {
    return copyOfBuffer(this.#run('push', x));
  }

  pushInto<A extends TypedArray>(x: Tensor | TypedArray, out: A): A {
    const dtype = dtypeOfArray(out);
    if (dtype === null)
      throw new ValueError(`pushInto: expected a typed array for out, got ${describeValue(out)}`);
    if (this.#output !== null) requireFits(this.#output, dtype, out);
    const y = this.#run('pushInto', x);
    requireFits(y, dtype, out);
    out.set(elementsAt(y));
    return out;
  }

  [Symbol.dispose](): void {
    const made = [this.#input, this.#output, ...this.#buffers].filter((x) => x !== null);
    for (const { storage } of made) disposePersistent(storage);
    if (Symbol.dispose in this.#step) this.#step[Symbol.dispose]();
  }

  /** Reads a step. @returns the buffer of the output. */
  #run(op: string, x: Tensor | TypedArray): Tensor {
    refuseTape(op);
    this.#read(op, x);
    // A plan keeps what it returns until the open scope closes, so each push has its own.
    const step = this.#step;
    const run = (): Others | undefined => (this.#others.length === 0 ? step() : step(this.#others));
    this.#others = (runtime.scope === null ? run() : segment(run)) ?? NONE;
    for (const buffer of this.#buffers) wroteBuffer(buffer);
    this.#pushed = true;
    return this.#output as Tensor;
  }

  /** Copies an input in. */
  #read(op: string, x: Tensor | TypedArray): void {
    const { batch } = this;
    const input = this.#input;
    const dtype = x instanceof Tensor ? null : dtypeOfArray(x);
    if (input !== null && dtype === input.dtype && (x as TypedArray).length === input.size)
      return fillBuffer(input, x as TypedArray);
    const given = x instanceof Tensor ? x : tensorOf(op, x, batch);
    if (given.shape[0] !== batch) {
      throw new ShapeError(
        `${op}: expected an input [${batch}, …] of one time step, got ${showShape(shapeOf(given))}; push the steps one after another`,
      );
    }
    if (input === null) this.#input = bufferOf(given);
    else {
      requireForm(op, 'the input, as at the first push', input, given);
      fillBuffer(input, given.toTypedArray());
    }
  }

  /** One step from buffers to buffers. @returns what is no tensor in the state after it. */
  #advance(others: Others): Others {
    const model = this.#model;
    const axis = model.batchFirst === true ? 1 : 0;
    const input = (this.#input as Tensor).unsqueeze(axis);
    const { output, state } = inEvaluation(() => {
      const run = model.forward(input, this.#form.build(this.#now(others)));
      requireOutputs(model, run, axis);
      const y: unknown = this.#head(run.outputs.squeeze(axis));
      if (y instanceof Tensor) return { output: y, state: run.state };
      throw new ValueError(`stream: expected a tensor from head, got ${describeValue(y)}; return the output`);
    });
    const after = this.#form.leaves('push', state);
    this.#output ??= bufferLike(output);
    const buffer = this.#output;
    requireForm('push', 'the output, as at the first push', buffer, output);
    const values = [...after.filter((leaf) => leaf instanceof Tensor), output].map(apartFromBuffers);
    for (const [i, to] of [...this.#buffers, buffer].entries()) copyTo(values[i] as Tensor, to);
    return after.filter(notTensor);
  }

  /** The leaves of the state, with these in place of what is no tensor. */
  #now(others: Others): readonly unknown[] {
    let next = 0;
    return this.#leaves.map((leaf) => (notTensor(leaf) ? others[next++] : leaf));
  }

  #initialState(): State {
    return inEvaluation(() => scope(() => copyOut(this.#model.initialState(this.batch))));
  }

  #assign(state: State, op: string): void {
    refuseTape(op);
    const leaves = this.#form.leaves(op, state);
    const values = leaves.flatMap((leaf) => (leaf instanceof Tensor ? [leaf.toTypedArray()] : []));
    for (const [i, buffer] of this.#buffers.entries()) fillBuffer(buffer, values[i] as TypedArray);
    this.#others = leaves.filter(notTensor);
    this.#pushed = false;
  }
}
