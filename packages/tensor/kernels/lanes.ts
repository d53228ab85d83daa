// AssemblyScript, not TypeScript: it looks the same and compiles to WebAssembly. See README.md in this
// folder.

/** How many elements of T one 16-byte vector holds: 4 of float32, 2 of float64. */
@inline
export function lanes<T>(): i32 {
  return 16 / sizeof<T>();
}

/**
 * Elements to bytes. Wraps modulo 2³², as addresses do, so negative strides and addresses above 2 GiB work.
 */
@inline
export function bytes<T>(elements: i32): i32 {
  return elements * <i32>sizeof<T>();
}

/**
 * The op class `Op`, to call a method of. Nothing is allocated and nothing dereferenced: the methods never
 * look at `this` and are inlined, so that one loop serves every op at no cost.
 */
@inline
export function op<Op>(): Op {
  return changetype<Op>(0);
}

/**
 * A vector whose first `count` lanes (1 or more, not all) are loaded; the rest is 0. It never reads past
 * them: they may be the last bytes of the memory.
 */
@inline
export function loadTail<T>(p: usize, count: i32): v128 {
  if (sizeof<T>() == 8 || count == 1) return v128.load_zero<T>(p);
  if (count == 2) return v128.load64_zero(p);
  return v128.load32_lane(p + 8, v128.load64_zero(p), 2);
}

/** `loadTail` as a call, for what runs once a row: inlined everywhere it would double the module. */
export function loadPart<T>(p: usize, count: i32): v128 {
  return loadTail<T>(p, count);
}

/** Writes the first `count` lanes (1 or more, not all) and nothing else. */
export function storePart<T>(p: usize, v: v128, count: i32): void {
  if (sizeof<T>() == 8 || count == 1) {
    v128.store_lane<T>(p, v, 0);
  } else {
    v128.store64_lane(p, v, 0);
    if (count == 3) v128.store32_lane(p + 8, v, 2);
  }
}

/**
 * The float32 at `p` in every lane. Constants of long formulas lie in memory: loading one is a single
 * instruction, while engines make a vector constant in the code anew at each use, in three.
 */
@inline
export function constant(p: usize): v128 {
  return v128.load_splat<f32>(p);
}

/** The first `count` lanes, all of them allowed. */
@inline
export function loadUpTo<T>(p: usize, count: i32): v128 {
  return count == lanes<T>() ? v128.load(p) : loadPart<T>(p, count);
}

@inline
export function storeUpTo<T>(p: usize, v: v128, count: i32): void {
  if (count == lanes<T>()) v128.store(p, v);
  else storePart<T>(p, v, count);
}

/**
 * `acc + a·b`. The strict module rounds the product before it is added; the fast one leaves that to the engine,
 * which fuses the two where the processor can.
 */
@inline
export function multiplyAdd<T>(acc: v128, a: v128, b: v128): v128 {
  return FAST ? v128.relaxed_madd<T>(a, b, acc) : v128.add<T>(acc, v128.mul<T>(a, b));
}

/** `acc − a·b`, likewise. */
@inline
export function multiplySubtract<T>(acc: v128, a: v128, b: v128): v128 {
  return FAST ? v128.relaxed_nmadd<T>(a, b, acc) : v128.sub<T>(acc, v128.mul<T>(a, b));
}
