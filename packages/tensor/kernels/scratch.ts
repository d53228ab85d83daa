// Addresses that the heap never hands out: they end at HEAP_START (../src/memory/heap.ts). What a kernel leaves
// here is nobody's when it returns. From 1024 to 2047 lie the constants of the modules: see build-kernels.mjs.

/** A vector each: a number that serves a whole row, in every lane. */
export const LEFT: usize = 16;
export const RIGHT: usize = 32;

/** Two vectors: the last few elements of a row. */
export const TAIL: usize = 64;

/** Eight times four vectors: the partial sums of neighbouring columns. */
export const PARTIALS: usize = 128;

/** A panel of B. With the rows of A that pass over it, it fits any first-level cache. */
export const PANEL: usize = 2048;
export const PANEL_BYTES: i32 = 8192;
