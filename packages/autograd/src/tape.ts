/**
 * The tape: the primitives that ran, in order. The backward pass walks it in reverse and applies
 * one rule for each. The engine names no primitive, does not recurse, and stores nothing on tensors
 * but a cache of their slots.
 */
import { ChronogradError, concat, isFloat, type Tensor, VersionError } from '@chronograd/tensor';
import {
  inPhase,
  type PrimitiveName,
  type Recorder,
  runtime,
  type Storage,
  shapeOf,
  watchLeaf,
  withGuard,
} from '@chronograd/tensor/engine';
import { Accumulator } from './accumulator.ts';
import type { Cotangent, Pending } from './cotangent.ts';
import { newHandle } from './custom.ts';
import { rules } from './rules/index.ts';
import type { Constant } from './rules/types.ts';

/** One primitive that ran. */
export interface Entry {
  readonly name: PrimitiveName;
  readonly rule: AnyRule | undefined;
  readonly inputs: readonly Tensor[];
  readonly params: unknown;
  readonly output: Tensor;
  /** Outputs after the first. Null for primitives of one output. */
  readonly others: readonly Tensor[] | null;
  /** Where it ran, if that matters. */
  readonly place: unknown;
}

type AnyArrow = (...args: unknown[]) => Cotangent;
interface AnyPassing {
  readonly pull: AnyArrow;
  readonly passOn: (params: unknown) => ((pending: Pending) => Pending) | null;
}
// Compared by `typeof`: an equality of a string and a function is slow in V8.
type AnyRule =
  | Constant
  | readonly (AnyArrow | AnyPassing | Constant)[]
  | ((...args: unknown[]) => readonly (Cotangent | null)[]);
// Another package's primitive may lack a rule.
const table = rules as unknown as Readonly<Record<string, AnyRule | undefined>>;

export class Tape implements Recorder {
  #entries: Entry[] = [];
  #slots = 0;
  /** Slots of tensors whose stamp belongs to another tape, or that are older than this tape. */
  readonly #slotOf = new Map<Tensor, number>();
  /** Storages of parameters that entries refer to. They must not be written. */
  readonly #saved = new Set<Storage>();

  /** Follows a tensor: ops on it are recorded, and it gets a gradient. Integers are constants. */
  watch(x: Tensor): void {
    watchLeaf(x);
    if (isFloat(x.dtype) && this.#find(x) < 0) this.#slotOf.set(x, this.#slots++);
  }

  /** The number of recorded primitives. */
  get length(): number {
    return this.#entries.length;
  }

  /** The recorded primitives, in the order in which they ran. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** The slot of a tensor; below 0 if this tape does not follow it. */
  slotOf(x: Tensor): number {
    return this.#find(x);
  }

  record(
    name: PrimitiveName,
    inputs: readonly Tensor[],
    params: unknown,
    output: Tensor,
    others: readonly Tensor[] | null,
  ): void {
    const rule = table[name];
    if (typeof rule === 'string' || !isFloat(output.storage.dtype)) return;
    let tracked = false;
    for (let i = 0; i < inputs.length; i++) {
      if (this.#find(inputs[i]!) >= 0) tracked = true;
    }
    if (!tracked) return;
    for (let i = 0; i < inputs.length; i++) {
      const { storage } = inputs[i]!;
      if (storage.persistent) this.#saved.add(storage);
    }
    this.#place(output);
    if (others !== null) for (const other of others) this.#place(other);
    this.#entries.push({
      name,
      rule,
      inputs,
      params,
      output,
      others,
      place: runtime.locate?.() ?? null,
    });
  }

  beforeWrite(storage: Storage, what: string): void {
    if (!this.#saved.has(storage)) return;
    throw new VersionError(
      `${what}: expected a parameter that no open gradient computation needs, got one whose value is still needed; update parameters after the differentiated function has returned`,
    );
  }

  /**
   * Walks back from `output` with cotangent `seed`.
   * @returns the gradient of each watched tensor, in order; undefined where none reached it.
   */
  backward(output: Tensor, seed: Tensor, watched: readonly Tensor[]): (Tensor | undefined)[] {
    const sums = new Accumulator();
    const last = this.#find(output);
    if (last >= 0) sums.add(last, output, seed);
    // A rule may walk back on another tape. The outer walk then continues here.
    const { backwardOf } = runtime;
    try {
      return inPhase('backward', () => {
        withGuard(this, () => {
          for (let i = this.#entries.length - 1; i >= 0; i--) this.#walk(this.#entries[i]!, sums);
        });
        runtime.backwardOf = 'inputs';
        return this.#take(sums, watched);
      });
    } finally {
      runtime.backwardOf = backwardOf;
    }
  }

  #take(sums: Accumulator, watched: readonly Tensor[]): (Tensor | undefined)[] {
    // Two inputs may have received the same tensor. Each gets another handle.
    const given = new Set<Tensor>();
    return watched.map((x) => {
      const slot = this.#find(x);
      const sum = slot < 0 ? undefined : sums.take(slot, x);
      if (sum === undefined) return undefined;
      const own = sum.storage.persistent ? copyOf(sum) : given.has(sum) ? newHandle(sum) : sum;
      given.add(own);
      return own;
    });
  }

  /** Drops all references. */
  close(): void {
    this.#entries = [];
    this.#slotOf.clear();
    this.#saved.clear();
  }

  #walk(entry: Entry, sums: Accumulator): void {
    const { name, rule, inputs, params, output, others } = entry;
    const slot = this.#find(output);
    if (runtime.locate !== null) runtime.backwardOf = entry;
    if (rule === undefined || typeof rule === 'string') throw missingRule(name);
    const first = typeof rule === 'function' ? undefined : rule[0];
    if (typeof first === 'object' && this.#passPending(entry, first, slot, sums)) return;

    let g: unknown = sums.take(slot, output);
    let y: unknown = output;
    if (others !== null) {
      const taken = [g ?? null, ...others.map((other) => sums.take(this.#find(other), other) ?? null)];
      if (taken.every((each) => each === null)) return;
      g = taken;
      y = [output, ...others];
    } else if (g === undefined) return;

    if (typeof rule === 'function') {
      const cotangents = rule(g, y, inputs, params);
      for (let i = 0; i < inputs.length; i++) this.#send(sums, inputs[i]!, cotangents[i] ?? null);
      return;
    }
    for (let i = 0; i < inputs.length; i++) {
      const arrow = rule[i]!;
      if (typeof arrow === 'string' || this.#find(inputs[i]!) < 0) continue;
      const pull = typeof arrow === 'object' ? arrow.pull : arrow;
      this.#send(sums, inputs[i]!, apply(pull, g, y, inputs, params));
    }
  }

  /** Sends pending cotangents on to the one input as they are, if the rule can. */
  #passPending({ inputs, params }: Entry, rule: AnyPassing, slot: number, sums: Accumulator): boolean {
    const passOn = rule.passOn(params);
    const pending = passOn === null ? undefined : sums.takePending(slot);
    if (passOn === null || pending === undefined) return false;
    for (const each of pending) this.#send(sums, inputs[0]!, passOn(each));
    return true;
  }

  #send(sums: Accumulator, input: Tensor, cotangent: Cotangent | null): void {
    const slot = this.#find(input);
    if (slot < 0 || cotangent === null) return;
    sums.add(slot, input, cotangent);
  }

  #place(output: Tensor): void {
    const slot = this.#slots++;
    if (output.tape === null) {
      output.tape = this;
      output.slot = slot;
    } else this.#slotOf.set(output, slot);
  }

  #find(x: Tensor): number {
    return x.tape === this ? x.slot : (this.#slotOf.get(x) ?? -1);
  }
}

/** For a primitive of another package. */
export function missingRule(name: PrimitiveName): ChronogradError {
  return new ChronogradError(
    `${name}: expected a gradient rule for a recorded primitive, got none; add one: Object.assign(rules, { ${name}: [(g) => …] })`,
  );
}

/** A copy of a gradient that is a parameter itself, which may change. */
function copyOf(x: Tensor): Tensor {
  return concat([x.reshape([x.size])]).reshape(shapeOf(x));
}

/** Calls an arrow without allocating an argument list. */
function apply(
  arrow: AnyArrow,
  g: unknown,
  y: unknown,
  inputs: readonly Tensor[],
  params: unknown,
): Cotangent {
  if (inputs.length === 1) return arrow(g, y, inputs[0], params);
  if (inputs.length === 2) return arrow(g, y, inputs[0], inputs[1], params);
  return arrow(g, y, inputs[0], inputs[1], inputs[2], params);
}
