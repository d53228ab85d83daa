/** Two computations of the same gradients side by side: handwritten backpropagation, and the tape. */
import { type Shape, ValueError } from '@chronograd/tensor';
import { checkOptions, type OptionKeys, showShape } from '@chronograd/tensor/engine';
import { type GateBlock, swappedGates } from './compare-gates.ts';
import { type GradientLeaf, pairLeaves } from './compare-leaves.ts';
import { GradientComparison, type ParameterComparison } from './compare-report.ts';
import { Layout, LOCALIZING, type Localizing } from './place.ts';
import { indexAt } from './text-table.ts';
import { comparisonTolerance, TOLERANCE, type Tolerance } from './tolerance.ts';

/** How to compare. Tolerances go by dtype unless given: float64 1e-10, float32 1e-4 relative. */
export interface CompareOptions extends Partial<Tolerance>, Localizing {}

const OPTIONS: OptionKeys<CompareOptions> = { ...LOCALIZING, ...TOLERANCE };

/**
 * Compares two trees of gradients of the same names. Leaves may be tensors, nested arrays of numbers, or typed arrays (flat, row-major).
 * An element is right where |manual − auto| ≤ atol + rtol · (the largest magnitude in that parameter's gradients); NaN and infinity never are.
 * What is missing, unexpected or of another shape is reported with everything else, not thrown.
 *
 * With `blocks` the report names gates; with `steps` it names, of gradients that have one entry for each time step, the step at which
 * both computations part: the latest that is wrong, since errors travel backward in time. There the largest magnitude is that of the step
 * and of later ones.
 * @throws ValueError where there are no gradients at all, a leaf is neither tensor nor numbers, or rows cannot be divided among the gates.
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
  if (pairs.length === 0) {
    throw new ValueError('compareGradients: no gradients came on either side, at least one was expected');
  }
  return new GradientComparison(
    pairs.map(({ name, manual, auto }) => {
      if (manual === null) return incomparable(name, auto!, 'missing in manual');
      if (auto === null) return incomparable(name, manual, 'missing in auto');
      const shape = commonShape(manual, auto);
      if (shape !== null) return compareLeaf(name, shape, manual, auto, options);
      return incomparable(name, auto, `manual has ${shapeOf(manual)}, auto ${shapeOf(auto)}`);
    }),
  );
}

/** The worst of some elements. */
interface Extent {
  readonly absolute: number;
  readonly at: number;
  readonly wrong: number;
  /** The largest magnitude on either side, of these elements and of what was met before. */
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
  const tolerance = { ...comparisonTolerance[dtype], ...given(options) };
  const layout = new Layout('compareGradients', name, shape, options);
  const between = (from: number, to: number, met = 0): Extent =>
    extentOf(manual.values, auto.values, from, to, met, tolerance);
  const size = manual.values.length;
  const parting = layout.steps === null ? null : partingStep(layout, layout.steps, between);
  const worst = parting?.extent ?? between(0, size);
  const { absolute, at, largest } = worst;
  const ok = layout.steps === null ? worst.wrong === 0 && Number.isFinite(largest) : parting === null;
  const blocks = layout.steps === null || !ok ? gateBlocks(layout, parting?.step ?? 0, largest, between) : [];
  return {
    name,
    shape,
    dtype,
    absolute,
    relative: absolute === 0 ? 0 : absolute / largest,
    index: size === 0 ? [] : indexAt(at, shape),
    place: layout.place(at),
    manual: manual.values[at] ?? 0,
    auto: auto.values[at] ?? 0,
    ok,
    step: parting?.step ?? null,
    steps: layout.steps,
    gates: blocks.map(({ range: _, ...gate }) => gate),
    hints: swappedGates(name, blocks, manual.values, auto.values, tolerance.atol + tolerance.rtol * largest),
    problem: null,
  };
}

/** Walking backward in time, the first step that is wrong. */
function partingStep(
  layout: Layout,
  steps: number,
  between: (from: number, to: number, met: number) => Extent,
): { step: number; extent: Extent } | null {
  let met = 0;
  for (let step = steps - 1; step >= 0; step--) {
    const extent = between(...layout.stepRange(step), met);
    if (extent.wrong > 0) return { step, extent };
    met = extent.largest;
  }
  return null;
}

/** The gates, of a sequence those of one step. */
function gateBlocks(
  layout: Layout,
  step: number,
  largest: number,
  between: (from: number, to: number, met: number) => Extent,
): GateBlock[] {
  return layout.gates.map((gate, k) => {
    const range = layout.gateRange(k, step);
    const { absolute, wrong } = between(...range, largest);
    const relative = absolute === 0 ? 0 : absolute / largest;
    return { gate, ok: wrong === 0, wrong, size: range[1] - range[0], absolute, relative, range };
  });
}

function extentOf(
  manual: ArrayLike<number>,
  auto: ArrayLike<number>,
  from: number,
  to: number,
  met: number,
  { rtol, atol }: Tolerance,
): Extent {
  let [largest, absolute, at] = [met, 0, from];
  for (let i = from; i < to; i++) {
    const [a, b] = [manual[i]!, auto[i]!];
    const error = Math.abs(a - b);
    largest = Math.max(largest, Math.abs(a), Math.abs(b));
    // NaN is worse than any number, and the first one stays.
    if (Number.isNaN(absolute) || !(error > absolute || Number.isNaN(error))) continue;
    absolute = error;
    at = i;
  }
  let wrong = 0;
  for (let i = from; i < to; i++) {
    // Infinity on both sides is NaN apart; what is infinitely large allows no error either.
    const error = Math.abs(manual[i]! - auto[i]!);
    if (!(Number.isFinite(error) && error <= atol + rtol * largest)) wrong++;
  }
  return { absolute, at, wrong, largest };
}

function given({ rtol, atol }: CompareOptions): Partial<Tolerance> {
  return { ...(rtol === undefined ? {} : { rtol }), ...(atol === undefined ? {} : { atol }) };
}

function incomparable(name: string, leaf: GradientLeaf, problem: string): ParameterComparison {
  const none = Number.NaN;
  return {
    name,
    shape: leaf.shape ?? [leaf.values.length],
    dtype: leaf.dtype,
    absolute: none,
    relative: none,
    index: [],
    place: null,
    manual: none,
    auto: none,
    ok: false,
    step: null,
    steps: null,
    gates: [],
    hints: [],
    problem,
  };
}

/** A flat typed array knows no shape: it takes the other side's, if its length fits. Null where shapes differ. */
function commonShape(a: GradientLeaf, b: GradientLeaf): Shape | null {
  if (a.values.length !== b.values.length) return null;
  if (a.shape === null) return b.shape ?? [b.values.length];
  return b.shape === null || showShape(a.shape) === showShape(b.shape) ? a.shape : null;
}

const shapeOf = ({ shape, values }: GradientLeaf): string =>
  shape === null ? `${values.length} numbers` : `shape ${showShape(shape)}`;
