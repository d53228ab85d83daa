/** Cuts lines where they leave their panel. */
import type { Scale } from './scale.ts';

/** A point of a line. A y that is null or not finite is a gap. */
export type Point = readonly [x: number, y: number | null];

/** The visible part of a line. */
export interface CutLine {
  /** Points in order, with the crossings of edges. A y of NaN separates pieces. */
  readonly points: readonly (readonly [x: number, y: number])[];
  /** The measured points in the panel. */
  readonly measured: readonly (readonly [x: number, y: number])[];
  /**
   * Direction in which the line leaves after its last visible point. Null if it ends there or has
   * no values.
   */
  readonly leaves: 'above' | 'below' | null;
}

/** Cuts a line at the ends of the y axis, interpolating on the axes' scales. */
export function cutLine(points: readonly Point[], xs: Scale, ys: Scale): CutLine {
  const heights = points.map(([, y]) => heightOf(y, ys));
  const cut: [number, number][] = [];
  points.forEach(([x, y], i) => {
    const height = heights[i]!;
    if (within(height)) cut.push([x, ys.clamp(y!)]);
    else cut.push([x, Number.NaN]);
    const next = points[i + 1];
    if (next === undefined) return;
    for (const { t, edge } of crossings(height, heights[i + 1]!)) {
      const [from, to] = [xs.toPixel(x, [0, 1]), xs.toPixel(next[0], [0, 1])];
      cut.push([xs.toValue(from + t * (to - from), [0, 1]), ys.domain[edge]]);
    }
  });
  const last = heights.findLastIndex(within);
  const after = heights.slice(last + 1).filter((height) => !Number.isNaN(height));
  const beyond =
    last === -1 ? after.at(-1) : Number.isNaN(heights[last + 1] ?? Number.NaN) ? undefined : after[0];
  return {
    points: cut,
    measured: points.flatMap(([x, y], i) => (within(heights[i]!) ? [[x, ys.clamp(y!)] as const] : [])),
    leaves: beyond === undefined ? null : beyond > 1 ? 'above' : 'below',
  };
}

/** Tolerance for rounding at an edge. */
const SLACK = 1e-9;

/** 0 at the lower end, 1 at the upper. NaN for no value. */
function heightOf(y: number | null, ys: Scale): number {
  if (y === null || !Number.isFinite(y)) return Number.NaN;
  if (ys.type === 'log' && y <= 0) return Number.NEGATIVE_INFINITY;
  return ys.toPixel(y, [0, 1]);
}

function within(height: number): boolean {
  return height >= -SLACK && height <= 1 + SLACK;
}

/** Edges between two heights, in order. */
function crossings(from: number, to: number): { readonly t: number; readonly edge: 0 | 1 }[] {
  return ([0, 1] as const)
    .map((edge) => ({ t: (edge - from) / (to - from), edge }))
    .filter(({ t, edge }) => t > 0 && t < 1 && Math.abs(edge - from) > SLACK && Math.abs(edge - to) > SLACK)
    .sort((a, b) => a.t - b.t);
}
