import { afterEach, expect, test } from 'vitest';
import type { WasmTable } from '../../src/memory/wasm.ts';
import { engine, loadedIn, plannedBits, restoreEngine } from '../loaded-in.ts';

const expected = plannedBits(await loadedIn(engine));

afterEach(restoreEngine);

type RealTable = WasmTable & { get(place: number): unknown };

/** This engine with other tables: `change` gets each one that is made. */
function withTables(change: (table: RealTable) => void) {
  function Table(limits: { initial: number; element: 'anyfunc' }): WasmTable {
    const table = new engine.Table(limits) as RealTable;
    change(table);
    return table;
  }
  const { Memory, Module, Instance, validate } = engine;
  return { Memory, Table, Module, Instance, validate };
}

const places = (table: RealTable): unknown[] => Array.from({ length: table.length }, (_, i) => table.get(i));

test('Plans replay where a table does not call what it has grown by, as in WebKit, and kernels written in JavaScript take no place', async () => {
  let table: RealTable | undefined;
  const library = await loadedIn(
    withTables((made) => {
      table = made;
      const { grow } = made;
      made.grow = (by) => grow.call(made, by);
    }),
  );
  expect(plannedBits(library)).toEqual(expected);
  const kernels = places(table!);
  expect(kernels.length).toBeGreaterThan(5);
  expect(kernels).not.toContain(null);
  const { KernelProfile, withProfile } = library;
  for (let i = 0; i < 3; i++)
    expect(withProfile(new KernelProfile(() => 0), () => plannedBits(library))).toEqual(expected);
  library.useKernels('reference');
  expect(plannedBits(library)).toEqual(expected);
  expect(table!.length).toBeLessThanOrEqual(kernels.length + 1);
  expect(places(table!).slice(0, kernels.length)).toEqual(kernels);
});

test.each(['grow', 'set'] as const)(
  'Where a table refuses to %s at its third kernel, plans give the same bits: JavaScript calls the rest',
  async (name) => {
    let calls = 0;
    const library = await loadedIn(
      withTables((table) => {
        const method = table[name] as (...args: unknown[]) => unknown;
        Object.assign(table, {
          [name]: (...args: unknown[]) => {
            calls++;
            if (calls > 2) throw new RangeError('refused');
            return method.apply(table, args);
          },
        });
      }),
    );
    expect(plannedBits(library)).toEqual(expected);
    expect(calls).toBeGreaterThan(2);
  },
);
