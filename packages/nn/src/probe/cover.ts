/** Covering an object's method for a while. */

/** Puts a function in the place of a method. @returns what takes it off again; the last one that was put on comes off first. */
export function cover<K extends string>(target: Record<K, unknown>, name: K, covering: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, value: covering });
  return () => {
    if (own === undefined) delete target[name];
    else Object.defineProperty(target, name, own);
  };
}
