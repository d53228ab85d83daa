/**
 * What lies in WebAssembly memory weighs nothing to the garbage collector, which would let dropped models and plans pile up there, since their handles
 * are small. Here it is told: with a model and its plan after another, the heap then stays at a third of what it grows to otherwise.
 */

/** Below that, it is not told. Above, whenever there is twice as much as it last left. */
const LEAST = 1 << 26;
/** Engines count the bytes of array buffers, and collect when many have come. Nobody writes to this one, so that it takes no memory. */
const NUDGE = 1 << 28;

let held = 0;
let next = LEAST;

/** Counts bytes that are freed once the collector has found out that nobody refers to their owner. */
export function trackAllocated(bytes: number): void {
  held += bytes;
  if (held < next) return;
  next = 2 * held;
  try {
    new ArrayBuffer(NUDGE);
  } catch {
    // An engine without room for it has collected in search of some.
  }
}

/** They are free. */
export function trackFreed(bytes: number): void {
  held -= bytes;
  next = Math.max(LEAST, Math.min(next, 2 * held));
}
