// AssemblyScript, not TypeScript: it has the same syntax and compiles to WebAssembly. See
// README.md.

/** Elements of T in one 16-byte vector: 4 of float32, 2 of float64. */
@inline
export function lanes<T>(): i32 {
  return 16 / sizeof<T>();
}

/**
 * Elements to bytes. Wraps modulo 2³², like addresses, so negative strides and addresses above 2
 * GiB work.
 */
@inline
export function bytes<T>(elements: i32): i32 {
  return elements * <i32>sizeof<T>();
}

/**
 * The op class `Op`, to call a method of. Nothing is allocated or dereferenced: the methods do not
 * use `this` and are inlined. One loop therefore serves every op at no cost.
 */
@inline
export function op<Op>(): Op {
  return changetype<Op>(0);
}

/**
 * A vector with its first `count` lanes (1 or more, not all) loaded and the rest 0. It never reads
 * past them, since they may be the last bytes of the memory.
 */
@inline
export function loadTail<T>(p: usize, count: i32): v128 {
  if (sizeof<T>() == 8 || count == 1) return v128.load_zero<T>(p);
  if (count == 2) return v128.load64_zero(p);
  return v128.load32_lane(p + 8, v128.load64_zero(p), 2);
}

/** `loadTail` as a call, for use once per row. Inlined everywhere it would double the module. */
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
 * The float32 at `p` in every lane. Constants of long formulas are in memory, where one instruction
 * loads them. Engines rebuild a vector constant in the code at each use, in three instructions.
 */
@inline
export function constant(p: usize): v128 {
  return v128.load_splat<f32>(p);
}

/** The first `count` lanes; `count` may be all of them. */
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
 * `acc + a·b`. The strict module rounds the product before the addition. The fast one leaves that
 * to the engine, which fuses the two if the processor can.
 */
@inline
export function multiplyAdd<T>(acc: v128, a: v128, b: v128): v128 {
  return FAST ? v128.relaxed_madd<T>(a, b, acc) : v128.add<T>(acc, v128.mul<T>(a, b));
}

/** `acc − a·b`, rounded like `multiplyAdd`. */
@inline
export function multiplySubtract<T>(acc: v128, a: v128, b: v128): v128 {
  return FAST ? v128.relaxed_nmadd<T>(a, b, acc) : v128.sub<T>(acc, v128.mul<T>(a, b));
}
