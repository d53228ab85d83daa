/** Squares of gradients at steps: equal to autograd, or how far from it. */
import type { GridRow } from '../engine/by-hand.ts';

/** Differences below are rounding, as in the engine. */
const ROUNDING = 1e-9;

const [LEFT, SIDE, TOP, BOTTOM] = [124, 43, 2, 36];
const HEIGHT = 18;

const isWrong = (difference: number): boolean => !(difference < ROUNDING);

/** The latest step at which a row is wrong. Null if none is. */
export function latestWrong(rows: readonly GridRow[]): number | null {
  const step = Math.max(-1, ...rows.map(({ differences }) => differences.findLastIndex(isWrong)));
  return step < 0 ? null : step;
}

const labelOf = ({ name, gate }: GridRow): string => (gate === null ? name : `${name} ${gate}`);

/** What is wrong at the latest wrong step. */
export function inWords(rows: readonly GridRow[]): string {
  const step = latestWrong(rows);
  if (step === null) return `All ${rows.length} gradients are right at every step.`;
  const wrong = rows.filter(({ differences }) => isWrong(differences[step]!)).map(labelOf);
  const [last] = rows;
  const which = step === last!.differences.length - 1 ? `step ${step}, the last one` : `step ${step}`;
  const what = wrong.length === rows.length ? 'Every gradient is' : `Only ${listOf(wrong)}`;
  const are = wrong.length === rows.length ? '' : wrong.length === 1 ? ' is' : ' are';
  return `${what}${are} wrong at ${which}.`;
}

/** weightHh i, f and bias g */
function listOf(labels: readonly string[]): string {
  const parts = labels.map((label, i) => {
    const [name, gate] = label.split(' ');
    return gate !== undefined && labels[i - 1]?.split(' ')[0] === name ? gate : label;
  });
  return parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

export function DifferenceGrid({ rows }: { readonly rows: readonly GridRow[] }) {
  const steps = rows[0]!.differences.length;
  const [width, height] = [LEFT + steps * SIDE + 8, TOP + rows.length * HEIGHT + BOTTOM];
  return (
    <svg
      class="chart difference-grid"
      viewBox={`0 0 ${width} ${height}`}
      style={{ maxWidth: `${width * 1.15}px` }}
      role="img"
      aria-label={`Differences of the backward from autograd. ${inWords(rows)}`}
    >
      {rows.map((row, r) => {
        const y = TOP + r * HEIGHT;
        const first = rows[r - 1]?.name !== row.name;
        return (
          <g key={labelOf(row)}>
            {first && r > 0 && <line class="grid" x1={0} x2={width - 8} y1={y} y2={y} />}
            {first && (
              <text class="name" x={0} y={y + 13}>
                {row.name}
              </text>
            )}
            {row.gate !== null && (
              <text class="tick" x={LEFT - 12} y={y + 13} text-anchor="end">
                {row.gate}
              </text>
            )}
            {row.differences.map((difference, t) => (
              <Square
                key={t}
                x={LEFT + t * SIDE}
                y={y}
                difference={difference}
                label={`${labelOf(row)}, step ${t}`}
              />
            ))}
          </g>
        );
      })}
      {Array.from({ length: steps }, (_, t) => (
        <text key={t} class="tick" x={LEFT + (t + 0.5) * SIDE} y={height - BOTTOM + 14} text-anchor="middle">
          {t}
        </text>
      ))}
      <text class="axis" x={LEFT + (steps * SIDE) / 2} y={height - 5} text-anchor="middle">
        time step, walked from right to left
      </text>
    </svg>
  );
}

interface SquareProps {
  readonly x: number;
  readonly y: number;
  readonly difference: number;
  readonly label: string;
}

function Square({ x, y, difference, label }: SquareProps) {
  const wrong = isWrong(difference);
  const [color, share] = wrong ? ['--bad', shadeOf(difference)] : ['--good', 10];
  const fill = `color-mix(in srgb, var(${color}) ${share}%, var(--surface))`;
  return (
    <g>
      <title>{`${label}: ${wrong ? `differs by ${amount(difference)}` : 'equal'}`}</title>
      <rect class="square" x={x + 1} y={y + 1} width={SIDE - 2} height={HEIGHT - 2} rx={3} style={{ fill }} />
      <text
        style={{ fill: wrong ? `var(${share > 72 ? '--surface' : '--ink'})` : 'var(--good)' }}
        x={x + SIDE / 2}
        y={y + 13}
        text-anchor="middle"
      >
        {wrong ? '✗' : '✓'}
      </text>
    </g>
  );
}

/** From 25 to 100 % for differences from a thousandth on. */
const shadeOf = (difference: number): number =>
  Number.isFinite(difference)
    ? Math.round(25 + 75 * Math.min(1, Math.max(0, 1 + Math.log10(difference) / 3)))
    : 100;

const amount = (difference: number): string =>
  Number.isFinite(difference)
    ? `${(100 * difference).toPrecision(2)} % of the largest gradient`
    : 'what is not a number';
