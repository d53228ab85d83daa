/** Tensors as text. */
import type { Dtype, TypedArray } from './dtype.ts';
import type { Shape } from './shape.ts';

const EDGE = 3;
const SHORTEN_ABOVE = 1000;
const DECIMALS = 4;
/** Fractions in this range are shown without exponents. */
const FIXED_FROM = 1e-4;
const FIXED_BELOW = 1e5;
const WHOLE_BELOW = 1e9;

/**
 * Elements as NumPy prints them: nested brackets, numbers right-aligned in one format, and the
 * middle of long axes left out above 1,000 elements. Then dtype and shape.
 */
export function formatElements(flat: TypedArray, shape: Shape, dtype: Dtype): string {
  const rank = shape.length;
  const short = flat.length > SHORTEN_ABOVE;
  const shown = (size: number): readonly (number | null)[] =>
    short && size > 2 * EDGE ? [...range(0, EDGE), null, ...range(size - EDGE, size)] : [...range(0, size)];

  const values: number[] = [];
  const collect = (axis: number, start: number, stride: number): void => {
    if (axis === rank) {
      values.push(flat[start]!);
      return;
    }
    const inner = stride / shape[axis]!;
    for (const i of shown(shape[axis]!)) if (i !== null) collect(axis + 1, start + i * inner, inner);
  };
  // An axis beside one of size 0 may be of any length.
  if (flat.length > 0) collect(0, 0, flat.length);
  const show = dtype === 'int32' ? String : formatOf(values);
  const cells = values.map((value) => (Number.isFinite(value) ? show(value) : String(value)));
  const width = cells.reduce((most, cell) => Math.max(most, cell.length), 0);

  let next = 0;
  const nest = (axis: number): string => {
    if (axis === rank) return (cells[next++] ?? '').padStart(rank === 0 ? 0 : width);
    const items = shown(shape[axis]!).map((i) => (i === null ? '…' : nest(axis + 1)));
    const innermost = axis === rank - 1;
    const separator = innermost ? ', ' : `,${'\n'.repeat(rank - 1 - axis)}${' '.repeat(axis + 1)}`;
    return `[${items.join(separator)}]`;
  };
  const body = flat.length === 0 && rank > 0 ? '[]' : nest(0);
  return `${body} ${dtype} [${shape.join(', ')}]`;
}

/**
 * One format for all numbers of a tensor, so that columns align: whole numbers without decimals;
 * else up to four decimals, as needed; exponents where that would hide digits.
 */
function formatOf(values: readonly number[]): (value: number) => string {
  const magnitudes = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  const largest = magnitudes.reduce((most, each) => Math.max(most, each), 0);
  const smallest = magnitudes.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const whole = largest < WHOLE_BELOW && magnitudes.every(Number.isInteger);
  if (!whole && (smallest < FIXED_FROM || largest >= FIXED_BELOW)) {
    const digits = needed(magnitudes.map((each) => each.toExponential(DECIMALS).split('e')[0]!));
    return (value) => (value === 0 ? signed(value, '0') : value.toExponential(digits));
  }
  const digits = whole ? 0 : needed(magnitudes.map((each) => each.toFixed(DECIMALS)));
  return (value) => signed(value, Math.abs(value).toFixed(digits));
}

/** The most decimals of the numbers, without zeros at the end. */
function needed(decimals: readonly string[]): number {
  return decimals.reduce((most, each) => Math.max(most, each.replace(/0+$/, '').split('.')[1]!.length), 0);
}

function signed(value: number, magnitude: string): string {
  return value < 0 || Object.is(value, -0) ? `-${magnitude}` : magnitude;
}

function* range(from: number, to: number): Iterable<number> {
  for (let i = from; i < to; i++) yield i;
}
