/** Other engines: the package as it is loaded where WebAssembly is another, or absent. */
import { vi } from 'vitest';
import type { WasmGlobal } from '../src/memory/wasm.ts';

/** This engine's WebAssembly. */
export const engine = (globalThis as unknown as { WebAssembly: WasmGlobal }).WebAssembly;

/**
 * A new copy of the package in an engine whose WebAssembly is `wasm`. Call `restoreEngine` after
 * it.
 */
export async function loadedIn(wasm: object | undefined) {
  vi.stubGlobal('WebAssembly', wasm);
  vi.resetModules();
  return { ...(await import('../src/index.ts')), ...(await import('../src/engine.ts')) };
}

export function restoreEngine(): void {
  vi.unstubAllGlobals();
  vi.resetModules();
}

/**
 * The bits of the third call of a planned function of many kernels. The second is its first replay.
 */
export function plannedBits({ normal, plan, Random }: Awaited<ReturnType<typeof loadedIn>>): number[] {
  const random = new Random(1);
  const x = normal([5, 7], { random });
  const f = plan((y: typeof x) => y.matmul(x.transpose()).tanh().add(1).log().mul(y.exp().sum(1)).sum(0));
  f(x.neg());
  f(x.add(1));
  return [...new Uint32Array(f(x).toTypedArray().buffer)];
}
