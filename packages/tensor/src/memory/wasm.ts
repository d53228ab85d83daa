/**
 * The part of the WebAssembly interface that is used here. TypeScript declares it only in the
 * libraries of Node and the DOM, which the core packages do not use.
 */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** A table of functions, which modules call by index. */
export interface WasmTable {
  readonly length: number;
  /** Adds `by` empty places. WebKit ignores a second argument: use `set`. */
  grow(by: number): number;
  /** @throws TypeError for a JavaScript function; nothing has changed then. */
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

/** The engine's WebAssembly; null without it (for example in `node --jitless`). */
export const wasm: WasmGlobal | null =
  (globalThis as { readonly WebAssembly?: WasmGlobal }).WebAssembly ?? null;

/** Set by the first refusal. A page's policy does not change, and browsers report each attempt. */
let refused = false;

/**
 * The result of `make` with the engine's WebAssembly; null without it, and where it refuses. Every
 * constructor can throw. A Content-Security-Policy without `wasm-unsafe-eval` forbids `Module` in
 * Chrome and Firefox, and `Instance` in WebKit, by version `Memory` and `Table` too. Chrome before
 * 115 compiles at most 4 KB on the main thread. After a refusal `make` is not called again.
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
