/** Lines on a logarithmic axis, with labels at their ends. */

import { narrow } from './narrow.ts';

/** A line. Values that are not positive and finite are left out. */
export interface Line {
  readonly label: string;
  readonly values: readonly number[];
  /** A number of the theme's series, from 1. */
  readonly series: number;
  readonly dashed?: boolean;
}

interface LogChartProps {
  readonly lines: readonly Line[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** Powers of ten to show, at least. Wider values widen the axis up to `most`. */
  readonly range: readonly [number, number];
  readonly most: readonly [number, number];
  /** Describes the figure in words. */
  readonly alt: string;
}

const WIDTHS = { wide: 640, narrow: 370 };
const HEIGHT = 360;
const MARGIN = { left: 72, right: 88, top: 14, bottom: 44 };
const LINE_HEIGHT = 15;

export function LogChart({ lines, xLabel, yLabel, range, most, alt }: LogChartProps) {
  const WIDTH = narrow.value ? WIDTHS.narrow : WIDTHS.wide;
  const logs = lines.map(({ values }) => values.map((value) => Math.log10(value)));
  const finite = logs.flat().filter(Number.isFinite);
  const low = Math.max(most[0], Math.min(range[0], Math.floor(Math.min(...finite))));
  const high = Math.min(most[1], Math.max(range[1], Math.ceil(Math.max(...finite))));
  const steps = Math.max(1, ...lines.map(({ values }) => values.length - 1));
  const x = (k: number): number => MARGIN.left + (k / steps) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (log: number): number =>
    MARGIN.top + ((high - log) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const every = Math.ceil((high - low) / 6);
  const powers = Array.from({ length: high - low + 1 }, (_, i) => low + i).filter((p) => p % every === 0);
  const ticks = Array.from({ length: 5 }, (_, i) => Math.round((i * steps) / 4));
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={alt}>
      {powers.map((power) => (
        <g key={power}>
          <line
            class={power === 0 ? 'grid one' : 'grid'}
            x1={x(0)}
            x2={x(steps)}
            y1={y(power)}
            y2={y(power)}
          />
          <text class="tick" x={MARGIN.left - 8} y={y(power) + 4} text-anchor="end">
            {power === 0 ? '1' : `1e${power}`}
          </text>
        </g>
      ))}
      {ticks.map((k) => (
        <text key={k} class="tick" x={x(k)} y={HEIGHT - MARGIN.bottom + 18} text-anchor="middle">
          {k}
        </text>
      ))}
      <text class="axis" x={(x(0) + x(steps)) / 2} y={HEIGHT - 6} text-anchor="middle">
        {xLabel}
      </text>
      <text
        class="axis"
        transform={`translate(14 ${(y(low) + y(high)) / 2}) rotate(-90)`}
        text-anchor="middle"
      >
        {yLabel}
      </text>
      {lines.map(({ label, series, dashed }, i) => (
        <path
          key={label}
          class={dashed ? 'line dashed' : 'line'}
          style={{ stroke: `var(--series-${series})` }}
          d={pathOf(logs[i]!, low, high, x, y)}
        />
      ))}
      {spread(lines.map((_, i) => y(within(logs[i]!.findLast(Number.isFinite) ?? low, low, high)))).map(
        (at, i) => (
          <text
            key={i}
            class="label"
            x={x(steps) + 6}
            y={at + 4}
            style={{ fill: `var(--series-${lines[i]!.series})` }}
          >
            {lines[i]!.label}
          </text>
        ),
      )}
    </svg>
  );
}

const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** A path through the values inside the axis; the line is cut where it leaves it. */
function pathOf(
  logs: readonly number[],
  low: number,
  high: number,
  x: (k: number) => number,
  y: (log: number) => number,
): string {
  let [path, inside] = ['', false];
  for (const [k, log] of logs.entries()) {
    const shown = Number.isFinite(log) && log >= low && log <= high;
    if (shown) path += `${inside ? 'L' : 'M'}${x(k).toFixed(1)} ${y(log).toFixed(1)}`;
    inside = shown;
  }
  return path;
}

/** Moves labels apart so that none overlap. */
function spread(positions: readonly number[]): number[] {
  const order = positions.map((_, i) => i).sort((a, b) => positions[a]! - positions[b]!);
  const moved = [...positions];
  for (const [rank, i] of order.entries()) {
    const above = order[rank - 1];
    if (above !== undefined) moved[i] = Math.max(moved[i]!, moved[above]! + LINE_HEIGHT);
  }
  const overflow = Math.max(0, ...moved.map((at) => at - (HEIGHT - MARGIN.bottom)));
  return moved.map((at) => at - overflow);
}
