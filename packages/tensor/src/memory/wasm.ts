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
  readonly length: number;
  /** Makes room for `by` more. WebKit does not call what `grow` gets as a second argument: `set` it. */
  grow(by: number): number;
  /** @throws TypeError for a function of JavaScript; nothing is changed then. */
  set(place: number, value: unknown): void;
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

/** Set by the first refusal: a page's policy does not change, and each attempt is reported. */
let refused = false;

/**
 * What `make` makes with the engine's WebAssembly. Null where there is none, and where it refuses:
 * every constructor can throw. A Content-Security-Policy without `wasm-unsafe-eval` forbids `Module`
 * in Chrome and Firefox, and `Instance` in WebKit, by version `Memory` and `Table` too. Chrome before
 * 115 compiles at most 4 KB on the main thread. After a refusal the engine is not asked again.
 */
export function withWasm<T>(make: (engine: WasmGlobal) => T | null): T | null {
  if (wasm === null || refused) return null;
  try {
    return make(wasm);
  } catch {
    refused = true;
    return null;
  }
}
