import { afterEach, expect, test } from 'vitest';
import { engine, loadedIn, plannedBits, restoreEngine } from '../loaded-in.ts';

const { CompileError } = engine as unknown as { CompileError: typeof Error };
const CONSTRUCTORS = ['Memory', 'Table', 'Module', 'Instance'] as const;

const expected = plannedBits(await loadedIn(engine));

afterEach(restoreEngine);

/**
 * This engine's WebAssembly, in which one member throws. `asked` receives the names of all
 * constructors called.
 */
function refusing(refused: string, Refusal: typeof Error, asked: string[]): object {
  const members = [...CONSTRUCTORS, 'validate'] as const;
  return Object.fromEntries(
    members.map((name) => [
      name,
      function member(...args: unknown[]): unknown {
        if (name !== 'validate') asked.push(name);
        if (name === refused) throw new Refusal('refused by the Content-Security-Policy');
        return name === 'validate'
          ? engine.validate(args[0] as Uint8Array)
          : Reflect.construct(engine[name], args);
      },
    ]),
  );
}

const refusals = CONSTRUCTORS.flatMap((name) =>
  [CompileError, RangeError, TypeError, Error].map((Refusal) => [name, Refusal.name, Refusal] as const),
);
test.each(refusals)(
  'Where WebAssembly.%s throws a %s, the package loads, plans give the same bits, and nothing is tried again',
  async (name, _, Refusal) => {
    const asked: string[] = [];
    const library = await loadedIn(refusing(name, Refusal, asked));
    // Kernels need everything but the table, with which plans replay them.
    expect(library.kernelsInUse()).toBe(name === 'Table' ? 'strict' : 'reference');
    expect(plannedBits(library)).toEqual(expected);
    library.useFastestKernels();
    library.useKernels('reference');
    expect(plannedBits(library)).toEqual(expected);
    expect(asked.indexOf(name)).toBe(asked.length - 1);
  },
);

test.each([
  ['WebAssembly is absent', undefined],
  ['WebAssembly has no members', {}],
  ['WebAssembly has no SIMD', { Memory: engine.Memory, validate: () => false }],
  ['WebAssembly.validate throws', refusing('validate', CompileError, [])],
])('Where %s, the package loads, and the reference kernels give the same bits', async (_, wasm) => {
  const library = await loadedIn(wasm);
  expect(library.kernelsInUse()).toBe('reference');
  expect(plannedBits(library)).toEqual(expected);
});

test.each(CONSTRUCTORS)(
  'Where WebAssembly.%s is refused, memory grows as elsewhere: a megabyte more than the heap begins with is kept whole',
  async (name) => {
    const { heap, Parameter, zeros } = await loadedIn(refusing(name, CompileError, []));
    const before = heap.byteLength;
    const parameter = new Parameter(zeros([before / 4 + 2 ** 18]).add(1));
    expect(heap.byteLength).toBeGreaterThan(before);
    expect(parameter.sum().item()).toBe(before / 4 + 2 ** 18);
  },
);
