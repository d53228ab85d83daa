/**
 * A tape that keeps everything for display: each primitive with its place in the program, and what
 * the backward pass sends from each to each input. The rules are those of the library's tape.
 */
import { rules } from '@chronograd/autograd';
import { isFloat, matmul, type Shape, scatterRows, Tensor } from '@chronograd/tensor';
import type { PrimitiveName, Recorder } from '@chronograd/tensor/engine';
import { type ErrorPlace, placeOf } from './program-error.ts';

/** A primitive that ran. */
export interface Entry {
  readonly op: PrimitiveName;
  readonly inputs: readonly Tensor[];
  readonly params: unknown;
  readonly outputs: readonly Tensor[];
  /** Innermost place in the user's program. Null outside of it. */
  readonly place: ErrorPlace | null;
  /** What the backward pass sent to each input. Null: nothing. */
  parts: readonly (Tensor | null)[];
}

type AnyArrow = (...args: unknown[]) => Sent;
type AnyRule =
  | 'constant'
  | readonly ('constant' | AnyArrow | { readonly pull: AnyArrow })[]
  | ((...args: unknown[]) => readonly (Sent | null)[]);
/** A cotangent: a tensor, or one that the library's tape adds up later. */
type Sent =
  | Tensor
  | { readonly a: Tensor; readonly b: Tensor }
  | { readonly g: Tensor; readonly embed: (g: Tensor, shape: Shape) => Tensor }
  | { readonly g: Tensor; readonly indices: Tensor; readonly transposed: boolean };

const table = rules as unknown as Readonly<Record<string, AnyRule | undefined>>;

export class Ledger implements Recorder {
  readonly entries: Entry[] = [];
  readonly #files: readonly string[];
  readonly #tracked = new Set<Tensor>();
  readonly #gradients = new Map<Tensor, Tensor>();

  /** @param files names of the user's program in stacks */
  constructor(files: readonly string[]) {
    this.#files = files;
  }

  watch(x: Tensor): void {
    if (isFloat(x.dtype)) this.#tracked.add(x);
  }

  record(
    op: PrimitiveName,
    inputs: readonly Tensor[],
    params: unknown,
    output: Tensor,
    others: readonly Tensor[] | null,
  ): void {
    if (table[op] === 'constant' || !isFloat(output.dtype)) return;
    if (!inputs.some((input) => this.#tracked.has(input))) return;
    const outputs = others === null ? [output] : [output, ...others];
    for (const each of outputs) this.#tracked.add(each);
    const place = placeOf(new Error().stack ?? '', this.#files);
    this.entries.push({ op, inputs, params, outputs, place, parts: [] });
  }

  beforeWrite(): void {}

  isTracked = (x: Tensor): boolean => this.#tracked.has(x);

  /** The gradient that has arrived, or null. */
  gradientOf = (x: Tensor): Tensor | null => this.#gradients.get(x) ?? null;

  /** Adds to the gradient of a tensor. */
  send(x: Tensor, g: Tensor): void {
    const sum = this.#gradients.get(x);
    this.#gradients.set(x, sum === undefined ? g : sum.add(g));
  }

  /** Walks back over the entries `from` ≤ i < `to`. */
  walk(from: number, to: number): void {
    for (let i = to - 1; i >= from; i--) {
      const entry = this.entries[i]!;
      const gs = entry.outputs.map(this.gradientOf);
      if (gs.every((g) => g === null)) continue;
      entry.parts = pulled(entry, gs).map((sent, k) => {
        const input = entry.inputs[k]!;
        if (sent === null || !this.#tracked.has(input)) return null;
        const part = sumTo(dense(sent, input.shape), input.shape);
        this.send(input, part);
        return part;
      });
    }
  }
}

/** What an entry's rule sends to each input. */
function pulled({ op, inputs, params, outputs }: Entry, gs: readonly (Tensor | null)[]): (Sent | null)[] {
  const rule = table[op];
  if (rule === undefined || rule === 'constant') return inputs.map(() => null);
  const [g, y] = outputs.length === 1 ? [gs[0], outputs[0]] : [gs, outputs];
  if (typeof rule === 'function') return [...rule(g, y, inputs, params)];
  return rule.map((arrow) => {
    if (arrow === 'constant') return null;
    return (typeof arrow === 'function' ? arrow : arrow.pull)(g, y, ...inputs, params);
  });
}

function dense(sent: Sent, shape: Shape): Tensor {
  if (sent instanceof Tensor) return sent;
  if ('embed' in sent) return sent.embed(sent.g, shape);
  if ('a' in sent) return matmul(sent.a, sent.b);
  return sent.transposed
    ? scatterRows(sent.g, sent.indices, shape[1]!).transpose()
    : scatterRows(sent.g, sent.indices, shape[0]!);
}

/** The adjoint of broadcasting. */
function sumTo(g: Tensor, shape: Shape): Tensor {
  const lead = g.rank - shape.length;
  const axes = g.shape.flatMap((size, axis) =>
    axis < lead || (size !== 1 && shape[axis - lead] === 1) ? [axis] : [],
  );
  return axes.length === 0 ? g.reshape(shape) : g.sum(axes, true).reshape(shape);
}
