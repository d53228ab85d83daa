/** Replacing a method of an object for a while. */
import { ValueError } from '@chronograd/tensor';
import { nameOf } from '@chronograd/tensor/engine';

/** Replaces a method. @returns what restores it. @throws ValueError for a frozen object. */
export function patchMethod<K extends string>(
  target: Record<K, unknown>,
  name: K,
  patched: unknown,
): () => void {
  if (!Object.isExtensible(target)) {
    throw new ValueError(
      `probe: expected a cell whose ${name} can be replaced, got a frozen ${nameOf(target)}; do not freeze cells (Object.freeze)`,
    );
  }
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, value: patched });
  return () => {
    if (own === undefined) delete target[name];
    else Object.defineProperty(target, name, own);
  };
}
