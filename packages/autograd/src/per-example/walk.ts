/**
 * A backward pass that keeps examples apart. One cotangent holds all of them as long as no element
 * belongs to two: a rule then runs once. What is the same for all examples, such as a weight that
 * was transposed or masked, gets a cotangent from each, and its rule runs once for each.
 */
import { stack, type Tensor, zerosLike } from '@chronograd/tensor';
import { inPhase, runtime, shapeOf, withGuard, withRecorder } from '@chronograd/tensor/engine';
import { type Cotangent, materialize, sumTo } from '../cotangent.ts';
import { type Entry, missingRule, type Tape } from '../tape.ts';
import { Examples } from './example-axis.ts';
import { ExampleSums, type Separated } from './example-sums.ts';

/** A cotangent for each input, or null. */
type Sent = readonly (Cotangent | null)[];
/** A cotangent for each output, or null. */
type Given = readonly (Tensor | null)[];

/**
 * Walks back on a tape from one loss for each example.
 * @param losses shape [B]. @param seed its cotangent.
 * @returns what has arrived at each watched tensor; null where nothing did.
 */
export function separate(
  tape: Tape,
  losses: Tensor,
  seed: Tensor,
  watched: readonly Tensor[],
): { readonly sums: ExampleSums; readonly arrived: readonly (Separated | null)[] } {
  const examples = new Examples(losses.size);
  const sums = new ExampleSums(examples);
  if (examples.count === 1) {
    const grads = tape.backward(losses, seed, watched);
    return { sums, arrived: grads.map((g) => (g === undefined ? null : ofOne(g))) };
  }
  examples.set(seed, 1);
  const start = tape.slotOf(losses);
  if (start >= 0) sums.add(start, losses, seed);
  const { backwardOf } = runtime;
  try {
    inPhase('backward', () =>
      withGuard(tape, () => {
        for (const entry of tape.entries.toReversed()) {
          if (runtime.locate !== null) runtime.backwardOf = entry;
          walk(tape, entry, sums);
        }
      }),
    );
  } finally {
    runtime.backwardOf = backwardOf;
  }
  return { sums, arrived: watched.map((x) => takeAt(tape, x, sums)) };
}

const ofOne = (g: Tensor): Separated => ({
  dense: null,
  owned: false,
  stacked: g.unsqueeze(0),
  pending: [],
});

function takeAt(tape: Tape, x: Tensor, sums: ExampleSums): Separated | null {
  const slot = tape.slotOf(x);
  return slot < 0 ? null : sums.take(slot);
}

function walk(tape: Tape, entry: Entry, sums: ExampleSums): void {
  const { inputs, output, others } = entry;
  const outputs = others === null ? [output] : [output, ...others];
  const taken = outputs.map((each) => takeAt(tape, each, sums));
  if (taken.every((each) => each === null)) return;
  const slots = inputs.map((x) => tape.slotOf(x));
  if (passOn(entry, taken[0]!, slots[0]!, sums)) return;
  let open = inputs.flatMap((_, i) => (slots[i]! < 0 ? [] : [i]));
  if (taken.every(isTogether)) {
    const given = taken.map((each) => each?.dense ?? null);
    open = withRecorder(sums.examples, () => {
      const { mixed } = sums.examples;
      const sent = run(entry, given, open);
      // A rule that mixes examples on its way may have used the mixture in any form.
      const whole = typeof entry.rule !== 'function' || sums.examples.mixed === mixed;
      return open.filter((i) => {
        const cotangent = sent[i] ?? null;
        return cotangent !== null && !(whole && sums.add(slots[i]!, inputs[i]!, cotangent));
      });
    });
  }
  if (open.length > 0) walkEach(entry, taken, outputs, open, slots, sums);
}

/** Whether one cotangent holds all examples. */
const isTogether = (sum: Separated | null): boolean =>
  sum === null || (sum.stacked === null && sum.pending.length === 0);

/** Sends outer products on through a transposition, the only map of `passOn`. */
function passOn({ rule, params }: Entry, sum: Separated | null, slot: number, sums: ExampleSums): boolean {
  if (sum === null || sum.dense !== null || sum.stacked !== null) return false;
  const first = typeof rule === 'object' ? rule[0] : undefined;
  if (typeof first !== 'object' || first.passOn(params) === null) return false;
  for (const { kind, left, right } of sum.pending) {
    if (kind === 'product') sums.addPending(slot, { kind, left: right, right: left });
    else sums.addPending(slot, { kind: kind === 'rows' ? 'columns' : 'rows', left, right });
  }
  return true;
}

/** Runs the rule once for each example. */
function walkEach(
  entry: Entry,
  taken: readonly (Separated | null)[],
  outputs: readonly Tensor[],
  open: readonly number[],
  slots: readonly number[],
  sums: ExampleSums,
): void {
  const stacks = taken.map((sum, k) => sum && sums.stackOf(sum, outputs[k]!));
  const { count } = sums.examples;
  const sent = Array.from({ length: count }, (_, b) =>
    run(
      entry,
      stacks.map((each) => each?.select(b) ?? null),
      open,
    ),
  );
  for (const i of open) {
    const target = entry.inputs[i]!;
    const each = sent.map((cotangents) => cotangents[i] ?? null);
    if (each.every((cotangent) => cotangent === null)) continue;
    const dense = each.map((cotangent) =>
      cotangent === null ? zerosLike(target) : sumTo(materialize(cotangent, target), shapeOf(target)),
    );
    sums.addStacked(slots[i]!, stack(dense));
  }
}

/** The rule's cotangents for some inputs. */
function run(
  { name, rule, inputs, params, output, others }: Entry,
  given: Given,
  open: readonly number[],
): Sent {
  if (rule === undefined || typeof rule === 'string') throw missingRule(name);
  const g: unknown = others === null ? given[0] : given;
  const y: unknown = others === null ? output : [output, ...others];
  if (typeof rule === 'function') return rule(g, y, inputs, params);
  return rule.map((arrow, i) => {
    if (typeof arrow === 'string' || !open.includes(i)) return null;
    return (typeof arrow === 'object' ? arrow.pull : arrow)(g, y, ...inputs, params);
  });
}
