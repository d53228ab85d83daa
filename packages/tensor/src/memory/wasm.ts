/**
 * The part of the WebAssembly interface that is used here. It is neither Node's nor the DOM's, but TypeScript only knows it
 * through their libraries, which the core packages do without.
 */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export interface WasmGlobal {
  readonly Memory: new (limits: { initial: number; maximum?: number }) => WasmMemory;
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
