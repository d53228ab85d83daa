/** Comparing two computations of the same gradients: handwritten backpropagation and the tape. */
import { type Shape, ValueError } from '@chronograd/tensor';
import { checkOptions, type OptionKeys, showShape } from '@chronograd/tensor/engine';
import { type GradientLeaf, pairLeaves } from './compare-leaves.ts';
import { type GateComparison, GradientComparison, type ParameterComparison } from './compare-report.ts';
import { indexAt, LOCATE_OPTIONS, type LocateOptions, ParameterLayout, type Range } from './locate.ts';
import { comparisonTolerance, TOLERANCE, type Tolerance } from './tolerance.ts';

/** Options of `compareGradients`. Default rtol: 1e-10 in float64, 1e-4 in float32. */
export interface CompareOptions extends Partial<Tolerance>, LocateOptions {}

const OPTIONS: OptionKeys<CompareOptions> = { ...LOCATE_OPTIONS, ...TOLERANCE };

/**
 * Compares two trees of gradients of the same names. Leaves are tensors, nested arrays of numbers,
 * or typed arrays (flat, row-major). An element is right where |manual − auto| ≤ atol + rtol · (the
 * largest magnitude in that parameter's gradients). NaN and infinity are always wrong. What is
 * missing, unexpected or of another shape is reported, not thrown.
 *
 * With `blocks` the report names gates. With `steps` it names the time step at which gradients with
 * one entry per step diverge: the latest that is wrong, since errors travel backward in time. The
 * largest magnitude is then that of this step and of later ones.
 * @throws ValueError where there are no gradients at all, a leaf is neither tensor nor numbers, or
 * rows cannot be divided among the gates.
 * @example
 * compareGradients({ weightHh: gradients.Whh }, { weightHh: grads.cell.weightHh }).assert();
 * @example
 * compareGradients(
 *   { weightHh: byHand.Whh, inputs: byHand.dxs },
 *   { weightHh: grads.cell.weightHh, inputs: grads.inputs },
 *   { blocks: cell.blocks(), steps: ['inputs'] },
 * ).toString(); // names the gate, the row in it, and the time step
 */
export function compareGradients(
  manual: unknown,
  auto: unknown,
  options: CompareOptions = {},
): GradientComparison {
  checkOptions('compareGradients', options, OPTIONS);
  const pairs = pairLeaves(manual, auto);
  if (pairs.length === 0)
    throw new ValueError('compareGradients: expected at least one gradient, got none on either side');
  return new GradientComparison(
    pairs.map(({ name, manual, auto }) => {
      if (manual === null) return incomparable(name, auto!, 'missing in manual');
      if (auto === null) return incomparable(name, manual, 'missing in auto');
      const shape = commonShape(manual, auto);
      if (shape !== null) return compareLeaf(name, shape, manual, auto, options);
      return incomparable(name, auto, `manual has ${sizeOf(manual)}, auto ${sizeOf(auto)}`);
    }),
  );
}

function incomparable(name: string, leaf: GradientLeaf, problem: string): ParameterComparison {
  const shape = leaf.shape ?? [leaf.values.length];
  return {
    name,
    shape,
    dtype: leaf.dtype,
    absolute: NaN,
    relative: NaN,
    index: [],
    place: null,
    manual: NaN,
    auto: NaN,
    ok: false,
    step: null,
    steps: null,
    gates: [],
    hints: [],
    problem,
  };
}

/** The worst of some elements. */
interface Extent {
  readonly absolute: number;
  readonly at: number;
  readonly wrong: number;
  /** The largest magnitude on either side, of these elements and of earlier extents. */
  readonly largest: number;
}

function compareLeaf(
  name: string,
  shape: Shape,
  manual: GradientLeaf,
  auto: GradientLeaf,
  options: CompareOptions,
): ParameterComparison {
  const dtype = manual.dtype === 'float32' || auto.dtype === 'float32' ? 'float32' : 'float64';
  const { rtol = comparisonTolerance[dtype].rtol, atol = comparisonTolerance[dtype].atol } = options;
  const layout = new ParameterLayout('compareGradients', name, shape, options);
  const extentOf = (range: Range, largest = 0): Extent =>
    worstWithin(manual.values, auto.values, range, largest, { rtol, atol });
  // Of a sequence, the steps from the last one back to where it diverges.
  let worst = extentOf([0, layout.steps === null ? manual.values.length : 0]);
  const step = layout.firstDivergentStep((range) => {
    worst = extentOf(range, worst.largest);
    return worst.wrong > 0;
  });
  if (layout.steps !== null && step === null) worst = extentOf([0, manual.values.length]);
  const { absolute, at, largest } = worst;
  const ok = layout.steps === null ? worst.wrong === 0 && Number.isFinite(largest) : step === null;
  const named = layout.steps === null || !ok ? layout.gates : [];
  const gates = named.map((gate, k): GateBlock => {
    const range = layout.gateRange(k, step);
    const { absolute, wrong } = extentOf(range, largest);
    const relative = absolute === 0 ? 0 : absolute / largest;
    return { range, of: { gate, ok: wrong === 0, wrong, size: range[1] - range[0], absolute, relative } };
  });
  return {
    name,
    shape,
    dtype,
    absolute,
    relative: absolute === 0 ? 0 : absolute / largest,
    index: manual.values.length === 0 ? [] : indexAt(at, shape),
    place: layout.place(at),
    manual: manual.values[at] ?? 0,
    auto: auto.values[at] ?? 0,
    ok,
    step,
    steps: layout.steps,
    gates: gates.map(({ of }) => of),
    hints: swappedGates(name, gates, manual.values, auto.values, atol + rtol * largest),
    problem: null,
  };
}

function worstWithin(
  manual: ArrayLike<number>,
  auto: ArrayLike<number>,
  [from, to]: Range,
  before: number,
  { rtol, atol }: Tolerance,
): Extent {
  let [largest, absolute, at] = [before, 0, from];
  for (let i = from; i < to; i++) {
    const [a, b] = [manual[i]!, auto[i]!];
    const error = Math.abs(a - b);
    largest = Math.max(largest, Math.abs(a), Math.abs(b));
    // The first NaN is worse than any number.
    if (Number.isNaN(absolute) || !(error > absolute || Number.isNaN(error))) continue;
    absolute = error;
    at = i;
  }
  let wrong = 0;
  for (let i = from; i < to; i++) {
    // Infinity on both sides differs by NaN. An infinite magnitude must allow no error either.
    const error = Math.abs(manual[i]! - auto[i]!);
    if (!(Number.isFinite(error) && error <= atol + rtol * largest)) wrong++;
  }
  return { absolute, at, wrong, largest };
}

/** How a gate compares, and the elements of the parameter that belong to it. */
interface GateBlock {
  readonly of: GateComparison;
  readonly range: Range;
}

/**
 * A sentence for each pair of gates with one another's gradients: the most common mistake in
 * handwritten gated cells. @param allowed how far equal numbers may differ.
 */
function swappedGates(
  name: string,
  gates: readonly GateBlock[],
  manual: ArrayLike<number>,
  auto: ArrayLike<number>,
  allowed: number,
): string[] {
  const wrong = gates.filter(({ of }) => !of.ok);
  /** Whether manual has in the rows of the first gate what auto has in the rows of the second. */
  const matches = ({ range: [a, end] }: GateBlock, { range: [b] }: GateBlock): boolean => {
    for (let i = 0; i < end - a; i++) {
      if (!(Math.abs(manual[a + i]! - auto[b + i]!) <= allowed)) return false;
    }
    return true;
  };
  return wrong.flatMap((a, i) =>
    wrong
      .slice(i + 1)
      .filter((b) => matches(a, b) && matches(b, a))
      .map((b) => `${name}: gates ${a.of.gate} and ${b.of.gate} are swapped: each has the other's gradient`),
  );
}

/** A flat typed array takes the other side's shape if its length fits. Null where shapes differ. */
function commonShape(a: GradientLeaf, b: GradientLeaf): Shape | null {
  if (a.values.length !== b.values.length) return null;
  if (a.shape === null) return b.shape ?? [b.values.length];
  return b.shape === null || showShape(a.shape) === showShape(b.shape) ? a.shape : null;
}

const sizeOf = ({ shape, values }: GradientLeaf): string =>
  shape === null ? `${values.length} numbers` : `shape ${showShape(shape)}`;
