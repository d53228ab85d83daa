/** Two computations of the same gradients side by side: handwritten backpropagation, and the tape. */
import { ChronogradError, type FloatDtype, type Shape, showShape, ValueError } from '@chronograd/tensor';
import { type GradientLeaf, pairLeaves } from './compare-leaves.ts';
import { indexAt, showError, showNumber, textTable } from './text-table.ts';
import { comparisonTolerance, type Tolerance } from './tolerance.ts';

/** How one parameter's gradients compare. Where there is nothing to compare, `problem` says why and the numbers are NaN. */
export interface ParameterComparison {
  /** `cell.weightHh`; empty where the trees are single tensors. */
  readonly name: string;
  readonly shape: Shape;
  /** The coarser dtype of the two; plain numbers count as float64. */
  readonly dtype: FloatDtype;
  /** Largest |manual − auto|. */
  readonly absolute: number;
  /** The same relative to the largest magnitude in this parameter's gradients: small elements are not held to digits they cannot have. */
  readonly relative: number;
  /** Where that is; both measures are largest at the same element. */
  readonly index: readonly number[];
  readonly manual: number;
  readonly auto: number;
  readonly ok: boolean;
  /** Missing on one side, or of another shape. */
  readonly problem: string | null;
}

/** The result of `compareGradients`. */
export class GradientComparison {
  /** In the order of the trees. */
  readonly parameters: readonly ParameterComparison[];

  constructor(parameters: readonly ParameterComparison[]) {
    this.parameters = parameters;
  }

  get passed(): boolean {
    return this.parameters.every(({ ok }) => ok);
  }

  /** What to look at first: a parameter that cannot be compared, otherwise the largest relative error. */
  get worst(): ParameterComparison {
    return this.parameters.reduce((worst, each) => (badness(each) > badness(worst) ? each : worst));
  }

  /** A table, a line for each parameter. */
  toString(): string {
    const header = ['', 'parameter', 'shape', 'absolute error', 'relative error', 'at', 'manual', 'auto'];
    return `${textTable([header, ...this.parameters.map(row)])}\nrelative to the largest magnitude in each parameter's gradients`;
  }

  /** @throws GradientMismatchError with the table, unless all parameters agree. */
  assert(): void {
    if (!this.passed) throw new GradientMismatchError(this);
  }
}

/** Gradients that should be equal are not. */
export class GradientMismatchError extends ChronogradError {
  override readonly name = 'GradientMismatchError';
  readonly comparison: GradientComparison;

  constructor(comparison: GradientComparison) {
    const wrong = comparison.parameters.filter(({ ok }) => !ok).map(({ name }) => shown(name));
    super(
      `compareGradients: ${wrong.length} of ${comparison.parameters.length} parameters differ (${wrong.join(', ')})\n${comparison}`,
    );
    this.comparison = comparison;
  }
}

/**
 * Compares two trees of gradients of the same names. Leaves may be tensors, nested arrays of numbers, or typed arrays (flat, row-major).
 * An element is right where |manual − auto| ≤ atol + rtol · (the largest magnitude in that parameter's gradients); NaN and infinity never are.
 * What is missing, unexpected or of another shape is reported with everything else, not thrown.
 * @param tolerance unless given, by dtype: float64 1e-10, float32 1e-4 relative.
 * @throws ValueError where there are no gradients at all, or a leaf is neither tensor nor numbers.
 * @example
 * compareGradients({ weightHh: gradients.Whh }, { weightHh: grads.cell.weightHh }).assert();
 */
export function compareGradients(
  manual: unknown,
  auto: unknown,
  tolerance: Partial<Tolerance> = {},
): GradientComparison {
  const pairs = pairLeaves(manual, auto);
  if (pairs.length === 0) {
    throw new ValueError('compareGradients: no gradients came on either side, at least one was expected');
  }
  return new GradientComparison(
    pairs.map(({ name, manual, auto }) => {
      if (manual === null) return incomparable(name, auto!, 'missing in manual');
      if (auto === null) return incomparable(name, manual, 'missing in auto');
      const shape = commonShape(manual, auto);
      if (shape !== null) return compareLeaf(name, shape, manual, auto, tolerance);
      return incomparable(name, auto, `manual has ${shapeOf(manual)}, auto ${shapeOf(auto)}`);
    }),
  );
}

function compareLeaf(
  name: string,
  shape: Shape,
  manual: GradientLeaf,
  auto: GradientLeaf,
  tolerance: Partial<Tolerance>,
): ParameterComparison {
  const dtype = manual.dtype === 'float32' || auto.dtype === 'float32' ? 'float32' : 'float64';
  const { rtol = comparisonTolerance[dtype].rtol, atol = comparisonTolerance[dtype].atol } = tolerance;
  let largest = 0;
  let absolute = 0;
  let at = 0;
  for (let i = 0; i < manual.values.length; i++) {
    const [a, b] = [manual.values[i]!, auto.values[i]!];
    const error = Math.abs(a - b);
    largest = Math.max(largest, Math.abs(a), Math.abs(b));
    // NaN is worse than any number, and the first one stays.
    if (Number.isNaN(absolute) || !(error > absolute || Number.isNaN(error))) continue;
    absolute = error;
    at = i;
  }
  return {
    name,
    shape,
    dtype,
    absolute,
    relative: absolute === 0 ? 0 : absolute / largest,
    index: manual.values.length === 0 ? [] : indexAt(at, shape),
    manual: manual.values[at] ?? 0,
    auto: auto.values[at] ?? 0,
    ok: Number.isFinite(largest) && absolute <= atol + rtol * largest,
    problem: null,
  };
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
    manual: none,
    auto: none,
    ok: false,
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

const badness = ({ problem, relative, ok }: ParameterComparison): number =>
  problem !== null || Number.isNaN(relative) ? Number.POSITIVE_INFINITY : ok ? relative : 1 + relative;

const shown = (name: string): string => (name === '' ? '(the tensor)' : name);

function row({
  name,
  shape,
  absolute,
  relative,
  index,
  manual,
  auto,
  ok,
  problem,
}: ParameterComparison): string[] {
  const start = [ok ? 'ok' : 'WRONG', shown(name), showShape(shape)];
  if (problem !== null) return [...start, problem, '', '', '', ''];
  return [
    ...start,
    showError(absolute),
    showError(relative),
    showShape(index),
    showNumber(manual),
    showNumber(auto),
  ];
}
