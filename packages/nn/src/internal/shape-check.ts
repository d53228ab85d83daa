/** Whether tensors by name are those that were expected. */
import { Tensor } from '@chronograd/tensor';
import { describeValue, sameShape, showShape } from '@chronograd/tensor/engine';

/**
 * Everything about `came` that does not fit, in words; null where it fits.
 * @param wanted what has to be there, in which shape and dtype.
 * @param known whether a name may be there.
 */
export function misfit(
  wanted: readonly (readonly [name: string, like: Tensor])[],
  came: ReadonlyMap<string, Tensor>,
  known: (name: string) => boolean,
): string | null {
  const missing = wanted.filter(([name]) => !came.has(name)).map(([name]) => name);
  const unexpected = [...came.keys()].filter((name) => !known(name));
  const unlike = wanted.flatMap(([name, like]) => {
    const x: unknown = came.get(name);
    const fits = x instanceof Tensor && x.dtype === like.dtype && sameShape(x.shape, like.shape);
    return fits || !came.has(name) ? [] : [`${name} (${kind(x)} for ${kind(like)})`];
  });
  if (missing.length + unexpected.length + unlike.length === 0) return null;
  return `missing ${list(missing)}; unexpected ${list(unexpected)}; of another shape or dtype ${list(unlike)}`;
}

const kind = (x: unknown): string =>
  x instanceof Tensor ? `${x.dtype} ${showShape(x.shape)}` : describeValue(x);
const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
