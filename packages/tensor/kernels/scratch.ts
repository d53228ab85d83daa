// Addresses that the heap never allocates. They end at HEAP_START (../src/memory/heap.ts). A
// kernel's data here is invalid after it returns. Addresses 1024 to 2047 are the constants of the
// modules: see build-kernels.mjs.

/** A vector each: a number for a whole row, in every lane. */
export const LEFT: usize = 16;
export const RIGHT: usize = 32;

/** Two vectors: the last few elements of a row. */
export const TAIL: usize = 64;

/** Eight times four vectors: the partial sums of adjacent columns. */
export const PARTIALS: usize = 128;

/** Zeros, which are never written: where the sums of a product start. */
export const ZEROS: usize = 640;

/** A panel of B. Together with the rows of A that use it, it fits any first-level cache. */
export const PANEL: usize = 2048;
export const PANEL_BYTES: i32 = 8192;
