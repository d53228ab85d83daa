/** Nested arrays, and searches in them. */

/** A leaf, or arrays of such leaves nested to any depth. */
export type Nested<Leaf> = Leaf | readonly Nested<Leaf>[];

/**
 * Whether a value is a leaf, or non-empty arrays of nothing else. Arrays that hold themselves are
 * not.
 */
export function isNested<Leaf>(
  value: unknown,
  isLeaf: (each: unknown) => each is Leaf,
  above: readonly unknown[] = [],
): value is Nested<Leaf> {
  if (isLeaf(value)) return true;
  if (!Array.isArray(value) || value.length === 0 || above.includes(value)) return false;
  const inside = [...above, value];
  return value.every((each) => isNested(each, isLeaf, inside));
}

/**
 * Whether a value, or anything in it, passes a test. What holds itself is entered once.
 * @param open default: enters arrays.
 */
export function holds(
  value: unknown,
  test: (each: unknown) => boolean,
  open: (node: unknown) => object | null = (node) => (Array.isArray(node) ? node : null),
  above: readonly unknown[] = [],
): boolean {
  if (test(value)) return true;
  const branch = above.includes(value) ? null : open(value);
  if (branch === null) return false;
  const inside = [...above, value];
  return Object.values(branch).some((each) => holds(each, test, open, inside));
}
