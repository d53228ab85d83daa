/** Tensors as text. */
import type { Tensor } from './tensor.ts';

const EDGE = 3;
const SHORTEN_ABOVE = 1000;
const DIGITS = 5;

/**
 * NumPy's way of showing arrays: nested brackets, numbers right-aligned with at most five significant digits, the middle of long axes
 * left out when there are more than 1,000 elements; then dtype and shape.
 */
export function formatTensor(x: Tensor): string {
  const flat = x.toTypedArray();
  const short = x.size > SHORTEN_ABOVE;
  const shown = (size: number): readonly (number | null)[] =>
    short && size > 2 * EDGE ? [...range(0, EDGE), null, ...range(size - EDGE, size)] : [...range(0, size)];

  const cells: string[] = [];
  const collect = (axis: number, start: number, stride: number): void => {
    if (axis === x.rank) {
      cells.push(formatNumber(flat[start]!, x.dtype === 'int32'));
      return;
    }
    const inner = stride / x.shape[axis]!;
    for (const i of shown(x.shape[axis]!)) if (i !== null) collect(axis + 1, start + i * inner, inner);
  };
  collect(0, 0, x.size);
  const width = cells.reduce((most, cell) => Math.max(most, cell.length), 0);

  let next = 0;
  const nest = (axis: number): string => {
    if (axis === x.rank) return (cells[next++] ?? '').padStart(x.rank === 0 ? 0 : width);
    const items = shown(x.shape[axis]!).map((i) => (i === null ? '…' : nest(axis + 1)));
    const innermost = axis === x.rank - 1;
    const separator = innermost ? ', ' : `,${'\n'.repeat(x.rank - 1 - axis)}${' '.repeat(axis + 1)}`;
    return `[${items.join(separator)}]`;
  };
  const body = x.size === 0 && x.rank > 0 ? '[]' : nest(0);
  return `${body} ${x.dtype} [${x.shape.join(', ')}]`;
}

function formatNumber(value: number, whole: boolean): string {
  if (whole || !Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e6)) {
    return value.toExponential(DIGITS - 1).replace(/\.?0+e/, 'e');
  }
  return String(Number(value.toPrecision(DIGITS)));
}

function* range(from: number, to: number): Iterable<number> {
  for (let i = from; i < to; i++) yield i;
}
