import { afterEach, expect, test } from 'vitest';
import { kernelsOf } from '../../src/kernels/builds.ts';
import { arena } from '../../src/memory/arena.ts';
import { heap } from '../../src/memory/heap.ts';
import type { WasmTable } from '../../src/memory/wasm.ts';
import { Blocks, type Step } from '../../src/plan/blocks.ts';
import { fuse } from '../../src/plan/fuse.ts';
import type { Kernel, Launch } from '../../src/plan/launch-buffer.ts';
import { FUSED_AT } from '../../src/plan/program.ts';
import { engine, loadedIn, restoreEngine } from '../loaded-in.ts';

afterEach(restoreEngine);

const N = 8;
const blocks = new Blocks();
/** Memory of tensors [N], and of one that JavaScript reads. */
const [a, b, c, d, e, kept] = Array.from({ length: 6 }, () => {
  const address = arena.allocate(4 * N);
  blocks.add(address, 4 * N);
  return address;
}) as [number, number, number, number, number, number];
blocks.keep({ address: kept });

function launch(name: 'tanh' | 'neg' | 'add', ...args: number[]): Launch {
  const kernel = kernelsOf('strict')!.float32[name] as Kernel;
  return { name, dtype: 'float32', kernel, args };
}
const neg = (x: number, y: number): Launch => launch('neg', x, y, N);
const tanh = (x: number, y: number): Launch => launch('tanh', x, y, N);
const add = (x: number, y: number, z: number): Launch => launch('add', x, N, 1, y, N, 1, z, N, 1, N);
const host = (): void => {};

const names = (steps: readonly Step[]): string[] =>
  fuse(steps, blocks).map((each) => (typeof each === 'function' ? 'host' : each.name));

/** The addresses that a fused launch uses. */
const addresses = ({ args }: Launch): number[] => args.filter((_, i) => i >= 2 && i % 2 === 0);

test('a chain is one launch, which stores only what is read outside of it', () => {
  const steps = fuse([add(a, b, c), neg(c, d), add(d, c, kept), tanh(d, e)], blocks);
  expect(steps.map((each) => (each as Launch).name)).toEqual(['fused', 'tanh']);
  expect(addresses(steps[0] as Launch).toSorted()).toEqual([a, b, d, kept].toSorted());
});

test('a tensor that JavaScript reads is stored, though only the group uses it', () => {
  const [fused] = fuse([neg(a, kept), neg(kept, b), tanh(b, c)], blocks);
  expect(addresses(fused as Launch)).toContain(kept);
});

test('launches that share no tensor stay apart', () => {
  expect(names([neg(a, b), neg(c, d)])).toEqual(['neg', 'neg']);
});

test('a launch in between comes first if it uses other memory, and otherwise splits the chain', () => {
  expect(names([neg(a, b), tanh(d, e), neg(b, c)])).toEqual(['tanh', 'fused']);
  expect(names([neg(a, b), tanh(b, e), neg(b, c)])).toEqual(['neg', 'tanh', 'neg']);
  expect(names([neg(a, b), tanh(d, a), neg(b, c)])).toEqual(['neg', 'tanh', 'neg']);
  expect(names([neg(a, b), host, neg(b, c)])).toEqual(['neg', 'host', 'neg']);
});

test('a launch that reads what a group writes shifted by one element does not join it', () => {
  const shifted = launch('neg', b + 4, c, N - 1);
  expect(names([neg(a, b), shifted])).toEqual(['neg', 'neg']);
});

test('launches that divide the elements into other rows, or overlap in a later row, stay apart', () => {
  const column = (rows: number): Launch =>
    launch('add', a, N / rows, 1, b, 1, 0, rows === 2 ? c : d, N / rows, rows, N / rows);
  expect(names([column(2), column(4)])).toEqual(['add', 'add']);
  // The second row of c is elements 4 and 5.
  const rowsOfC = launch('add', a, 2, 1, b, 2, 1, c, 4, 2, 2);
  expect(names([rowsOfC, launch('add', a, 4, 1, c + 16, 4, 1, d, 4, 1, 4)])).toEqual(['add', 'add']);
  const upward = launch('add', a, 2, 1, c + 16, -4, 1, d, 2, 2, 2);
  expect(names([upward, launch('add', a, 4, 1, b, 4, 1, c, 4, 1, 4)])).toEqual(['add', 'add']);
});

test('kernels written in JavaScript are not fused', () => {
  const plain = { ...neg(a, b), kernel: kernelsOf('reference')!.float32.neg as Kernel };
  expect(names([plain, { ...plain, args: [b, c, N] }])).toEqual(['neg', 'neg']);
});

test('a fused launch computes what its launches do', () => {
  heap.float32.set([1, -2, 3, -4, 5, -6, 7, -8], a >>> 2);
  const steps = fuse([neg(a, b), add(b, a, c), add(b, c, kept)], blocks);
  const { kernel, args } = steps[0] as Launch;
  const words = arena.allocate(4 * args.length);
  heap.int32.set(args, words >>> 2);
  kernel(words);
  expect([...heap.float32.subarray(kept >>> 2, (kept >>> 2) + N)]).toEqual([-1, 2, -3, 4, -5, 6, -7, 8]);
});

/** The bits of a plan's results after its launches were fused. `before` runs before they are. */
function fusedBits({ normal, plan, Random }: Awaited<ReturnType<typeof loadedIn>>, before = host): number[] {
  const x = normal([5, 7], { random: new Random(1) });
  const f = plan((y: typeof x) => y.add(1).mul(y).neg().sum(0));
  f(x);
  before();
  for (let i = 0; i <= FUSED_AT; i++) f(x.neg());
  return [x, x.mul(3)].flatMap((y) => [...f(y).toTypedArray()]);
}

test('Where the engine refuses to compile fused kernels, or its table refuses them, plans give the same bits', async () => {
  const expected = fusedBits(await loadedIn(engine));
  let refused = '';
  let refusals = 0;
  const refuse = (what: string): void => {
    if (refused !== what) return;
    refusals++;
    throw new RangeError('refused');
  };
  function Module(bytes: Uint8Array): object {
    refuse('module');
    return new engine.Module(bytes);
  }
  function Table(limits: { initial: number; element: 'anyfunc' }): WasmTable {
    const table = new engine.Table(limits);
    const { set } = table;
    return Object.assign(table, {
      set(place: number, value: unknown): void {
        refuse('table');
        set.call(table, place, value);
      },
    });
  }
  const { Memory, Instance, validate } = engine;
  for (const what of ['module', 'table', 'nothing']) {
    refused = '';
    const library = await loadedIn({ Memory, Table, Module, Instance, validate });
    refusals = 0;
    const bits = fusedBits(library, () => {
      refused = what;
    });
    expect(bits).toEqual(expected);
    expect(refusals).toBe(what === 'nothing' ? 0 : 1);
  }
});
