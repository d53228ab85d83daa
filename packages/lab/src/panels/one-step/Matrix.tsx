/** A matrix of numbers in brackets, tinted by sign and size. One row is shown as a column. */
import { isColumn } from './formulas.ts';

interface MatrixProps {
  readonly shape: readonly number[];
  readonly values: readonly number[];
  readonly transposed?: boolean;
  /** A single line of numbers that wraps. */
  readonly flat?: boolean;
}

export function Matrix({ shape, values, transposed = false, flat = false }: MatrixProps) {
  const column = isColumn(shape);
  const width = column ? 1 : shape.at(-1)!;
  const height = values.length / width;
  const [rows, columns] = transposed ? [width, height] : [height, width];
  const at = (i: number): number =>
    transposed ? values[(i % columns) * width + Math.floor(i / columns)]! : values[i]!;
  return (
    <span
      class={flat ? 'numbers flat' : 'numbers'}
      style={flat ? undefined : { gridTemplateColumns: `repeat(${columns}, auto)` }}
    >
      {Array.from({ length: rows * columns }, (_, i) => (
        <span key={i} class="number" title={String(at(i))} style={{ background: tint(at(i)) }}>
          {digits(at(i))}
        </span>
      ))}
    </span>
  );
}

function tint(value: number): string {
  const strength = Math.round((45 * Math.abs(value)) / (0.4 + Math.abs(value)));
  return `color-mix(in srgb, var(--series-${value < 0 ? 2 : 1}) ${strength || 0}%, transparent)`;
}

/** At least two digits. */
export function digits(value: number): string {
  const size = Math.abs(value);
  const text =
    value === 0 || !Number.isFinite(value)
      ? String(value)
      : size >= 100 || size < 0.00095
        ? value.toExponential(0).replace('e+', 'e')
        : value.toFixed(size < 0.0095 ? 4 : size < 0.095 ? 3 : 2);
  return text.replaceAll('-', '−');
}
