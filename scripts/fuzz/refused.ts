/** Arguments that are certainly wrong. A call that accepts one has used an unchecked number. */
import { Tensor } from '@chronograd/tensor';
import { indicesOf } from '../../packages/tensor/test/model.ts';

/** Array.from shows holes as undefined. */
const isList = (value: unknown, holds: (each: unknown) => boolean): boolean =>
  Array.isArray(value) && Array.from(value as unknown[]).every(holds);

export const badShape = (shape: unknown, least = 0): boolean =>
  !isList(shape, (size) => Number.isSafeInteger(size) && (size as number) >= least);

export function badAxes(x: unknown, axes: unknown): boolean {
  if (axes === undefined || !(x instanceof Tensor)) return false;
  const fits = (axis: unknown): boolean =>
    Number.isInteger(axis) && (axis as number) >= -x.rank && (axis as number) < x.rank;
  return typeof axes === 'number' ? !fits(axes) : !isList(axes, fits);
}

export const badWidths = (widths: unknown): boolean =>
  !isList(widths, (pair) => isList(pair, (width) => Number.isSafeInteger(width) && (width as number) >= 0));

/** Whether a tensor has another shape or dtype than the first. */
export const unlike = ([first, ...others]: readonly unknown[]): boolean =>
  first instanceof Tensor &&
  others.some((x) => x instanceof Tensor && (`${x.shape}` !== `${first.shape}` || x.dtype !== first.dtype));

export const badDtype = (dtype: unknown): boolean =>
  !['float32', 'float64', 'int32'].includes(dtype as string);

export function badLike(like: unknown): boolean {
  if (like instanceof Tensor) return false;
  const { shape, dtype } = (like ?? {}) as { shape?: unknown; dtype?: unknown };
  return badShape(shape) || badDtype(dtype);
}

/** Whether a view includes an element outside of its storage. */
export function badView(x: unknown, shape: unknown, layout: unknown, offset: unknown): boolean {
  if (!(x instanceof Tensor)) return false;
  if (badShape(shape) || !Number.isInteger(offset)) return true;
  const sizes = shape as readonly number[];
  if (sizes.reduce((product, size) => product * size, 1) > 1000) return x.storage.length < 1000;
  const own = sizes.map((_, axis) => sizes.slice(axis + 1).reduce((product, size) => product * size, 1));
  const strides = layout === null ? own : layout;
  if (!isList(strides, Number.isInteger) || (strides as number[]).length !== sizes.length) return true;
  if (sizes.includes(0)) return false;
  return indicesOf(sizes).some((index) => {
    const at = index.reduce((sum, i, axis) => sum + i * (strides as number[])[axis]!, offset as number);
    return at < 0 || at >= x.storage.length;
  });
}

/** Whether an index is outside of `count` rows. */
export function badIndices(count: unknown, indices: unknown): boolean {
  if (typeof count !== 'number' || !(indices instanceof Tensor) || indices.dtype !== 'int32') return false;
  try {
    return [...indices.toTypedArray()].some((index) => index < 0 || index >= count);
  } catch {
    return false; // it is freed, or belongs to a plan
  }
}
