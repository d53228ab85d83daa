import '../relaxed-simd.ts';
import { afterEach, expect, test } from 'vitest';
import { fastModule } from '../../src/kernels/fast.generated.ts';
import type { WasmGlobal } from '../../src/memory/wasm.ts';
import { engine, loadedIn, restoreEngine } from '../loaded-in.ts';

afterEach(restoreEngine);

/** An engine that cannot run the fast module: Node 20, some browsers. */
const withoutRelaxedSimd: WasmGlobal = {
  Memory: engine.Memory,
  Table: engine.Table,
  Module: engine.Module,
  Instance: engine.Instance,
  validate: (bytes) => bytes.length !== fastModule.length / 2 && engine.validate(bytes),
};

test('Strict kernels are in use until others are chosen; the fastest are those that the engine can run', async () => {
  const { floatKernelsFor, kernelsAvailable, kernelsInUse, useFastestKernels, useKernels } =
    await loadedIn(engine);
  expect(kernelsInUse()).toBe('strict');
  const strict = floatKernelsFor('float32');
  expect(kernelsAvailable()).toEqual(['fast', 'strict', 'reference']);
  expect(kernelsInUse()).toBe('strict');
  expect(useFastestKernels()).toBe('fast');
  expect(kernelsInUse()).toBe('fast');
  expect(floatKernelsFor('float32').matmul).not.toBe(strict.matmul);
  expect(floatKernelsFor('float32').add).toBe(strict.add);
  useKernels('strict');
  expect(floatKernelsFor('float32')).toBe(strict);
});

test('Where the engine has no relaxed SIMD, strict kernels are the fastest, and asking for fast ones says what to do', async () => {
  const { kernelsAvailable, kernelsInUse, useFastestKernels, useKernels, ValueError } =
    await loadedIn(withoutRelaxedSimd);
  expect(kernelsAvailable()).toEqual(['strict', 'reference']);
  expect(() => useKernels('fast')).toThrow(ValueError);
  expect(() => useKernels('fast')).toThrow(
    'useKernels: fast kernels need WebAssembly with relaxed SIMD, which this engine lacks or this page forbids (its Content-Security-Policy must allow wasm-unsafe-eval); run Node 22 or newer, or node --experimental-wasm-relaxed-simd, or use "strict"',
  );
  expect(kernelsInUse()).toBe('strict');
  expect(useFastestKernels()).toBe('strict');
});

test('Where there is no WebAssembly, the reference kernels are the fastest', async () => {
  const { kernelsAvailable, kernelsInUse, useFastestKernels, useKernels } = await loadedIn(undefined);
  expect(kernelsInUse()).toBe('reference');
  expect(kernelsAvailable()).toEqual(['reference']);
  expect(useFastestKernels()).toBe('reference');
  expect(() => useKernels('fast')).toThrow('relaxed SIMD');
  expect(() => useKernels('strict')).toThrow('use "reference"');
});
