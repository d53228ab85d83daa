/** Compares named tensors with the expected names, shapes and dtypes. */
import { Tensor } from '@chronograd/tensor';
import { describeValue, sameShape, showShape } from '@chronograd/tensor/engine';

/**
 * Describes all differences between tensors and the expected ones; null if there are none.
 * @param expected names with a tensor of the expected shape and dtype.
 * @param known whether a name is allowed.
 */
export function shapeMismatch(
  expected: readonly (readonly [name: string, like: Tensor])[],
  got: ReadonlyMap<string, Tensor>,
  known: (name: string) => boolean,
): string | null {
  const missing = expected.filter(([name]) => !got.has(name)).map(([name]) => name);
  const unexpected = [...got.keys()].filter((name) => !known(name));
  const unlike = expected.flatMap(([name, like]) => {
    const x: unknown = got.get(name);
    const fits = x instanceof Tensor && x.dtype === like.dtype && sameShape(x.shape, like.shape);
    return fits || !got.has(name) ? [] : [`${name} (${kind(x)} for ${kind(like)})`];
  });
  if (missing.length + unexpected.length + unlike.length === 0) return null;
  return `missing ${list(missing)}; unexpected ${list(unexpected)}; of another shape or dtype ${list(unlike)}`;
}

const kind = (x: unknown): string =>
  x instanceof Tensor ? `${x.dtype} ${showShape(x.shape)}` : describeValue(x);
const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
