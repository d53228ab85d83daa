/** Compiles modules with V8's optimizing compiler only, before they run. */
import { arch, versions } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { type WasmGlobal, wasm } from '../memory/wasm.ts';

/** Major versions of V8 that the tests have run on: those of Node 24 to 26. */
const V8 = ['13', '14'];
const OTHER_HOSTS = ['bun', 'deno', 'electron'];

/**
 * Flags of V8 while a module is compiled, and their defaults. Without its baseline compiler
 * (Liftoff), `new Module` returns code of the optimizing one, which no later call replaces.
 * Inlining relies on counts that only baseline code collects.
 */
const OPTIMIZED = ['liftoff', 'wasm-inlining', 'wasm-lazy-compilation'];
const PACKING = 'experimental-wasm-revectorize';

/** Why no module is compiled with packing in this engine; null if it may be. */
export function unknownEngine(): string | null {
  const { node, v8 } = versions;
  const other = OTHER_HOSTS.find((name) => versions[name] !== undefined);
  if (other !== undefined) return `wide kernels need Node, this is ${other}`;
  if (arch !== 'x64') return `wide kernels need an x64 processor with AVX2, this is ${arch}`;
  if (V8.includes(v8?.split('.')[0] ?? '')) return null;
  return `wide kernels need Node 24 to 26, this is Node ${node}`;
}

/**
 * The module, compiled by the optimizing compiler. With `packed`, V8 packs pairs of 128-bit
 * operations into 256-bit ones where the processor has AVX2. Flags have their defaults afterwards,
 * so that no other module is compiled so.
 */
export function compileOptimized(bytes: Uint8Array, packed: boolean): object {
  const { Module } = wasm as WasmGlobal;
  for (const flag of OPTIMIZED) setFlagsFromString(`--no-${flag}`);
  if (packed) setFlagsFromString(`--${PACKING}`);
  try {
    return new Module(bytes);
  } finally {
    if (packed) setFlagsFromString(`--no-${PACKING}`);
    for (const flag of OPTIMIZED) setFlagsFromString(`--${flag}`);
  }
}
