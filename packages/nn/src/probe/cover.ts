/** Covering an object's method for a while. */
import { ValueError } from '@chronograd/tensor';
import { nameOf } from '@chronograd/tensor/engine';

/** Puts a function in the place of a method. @returns what takes it off again. @throws ValueError for a frozen object. */
export function cover<K extends string>(target: Record<K, unknown>, name: K, covering: unknown): () => void {
  if (!Object.isExtensible(target)) {
    throw new ValueError(
      `probe: a frozen ${nameOf(target)} came, one whose ${name} can be listened to was expected; do not freeze cells (Object.freeze)`,
    );
  }
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, value: covering });
  return () => {
    if (own === undefined) delete target[name];
    else Object.defineProperty(target, name, own);
  };
}
