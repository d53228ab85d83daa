/**
 * The part of the WebAssembly interface that is used here. It is neither Node's nor the DOM's, but TypeScript only knows it
 * through their libraries, which the core packages do without.
 */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A table of functions that modules can call by their place. */
export interface WasmTable {
  /** Makes room for `by` more, all of them `value`. @returns the first new place. @throws TypeError for a function of JavaScript. */
  grow(by: number, value: unknown): number;
}

export interface WasmGlobal {
  readonly Memory: new (limits: { initial: number; maximum?: number }) => WasmMemory;
  readonly Table: new (limits: { initial: number; element: 'anyfunc' }) => WasmTable;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, unknown> };
  validate(bytes: Uint8Array): boolean;
}

/** The engine's WebAssembly, or null where there is none (for example `node --jitless`). */
export const wasm: WasmGlobal | null =
  (globalThis as { readonly WebAssembly?: WasmGlobal }).WebAssembly ?? null;
