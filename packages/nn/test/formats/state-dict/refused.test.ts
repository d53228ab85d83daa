/** Modules and files that no state dict can be made of, and messages about hostile ones. */
import { Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Dropout, Linear, loadStateDict, Module, StateDictError, stateDict } from '../../../src/index.ts';

const random = new Random(3);

/** A class without a name. */
const Nameless = (() => class extends Module {})();

class Hidden extends Module {
  readonly #layer = new Linear(1, 1, { random });
  forward(): number {
    return this.#layer.parameters().length;
  }
}
class Holder extends Module {
  readonly dropout = new Dropout(0.5, { random });
  readonly hidden = new Hidden();
}

test.each([new Hidden(), new Holder(), new Dropout(0.5, { random })])(
  'A module in which no parameter is found throws an error: %o',
  (module) => {
    const sentence = `expected a module with parameters, got ${module.constructor.name}, in which none is found`;
    for (const run of [
      () => stateDict(module),
      () => loadStateDict(module, new Map()),
      () => loadStateDict(module, new Map(), { strict: false }),
    ])
      expect(run).toThrow(StateDictError);
    expect(() => stateDict(module)).toThrow(`stateDict: ${sentence}`);
    expect(() => loadStateDict(module, new Map())).toThrow(`loadStateDict: ${sentence}`);
  },
);

test('A module inside itself is rejected with a readable message', () => {
  class Loop extends Module {
    readonly weight = new Linear(1, 1, { random });
    readonly parts: Module[] = [this];
  }
  expect(() => stateDict(new Loop())).toThrow(StateDictError);
  expect(() => stateDict(new Loop())).toThrow(
    'stateDict: expected a tree of modules, got a Loop inside itself',
  );
});

test('A file with hundreds of thousands of strange names gives a short message on one line; the error has them all', () => {
  const names = Array.from({ length: 200_000 }, (_, i) => `\u001b[2J\n${'x'.repeat(i % 200)}${i}`);
  const dict = new Map(names.map((name) => [name, { shape: [], data: new Float32Array(1) }] as const));
  try {
    loadStateDict(new Linear(1, 1, { random }), dict);
    expect.unreachable();
  } catch (error) {
    const { message, unexpected } = error as StateDictError;
    expect(message).toContain('missing weight, bias; unexpected "\\u001b[2J\\n0"');
    expect(message).toContain('and 199980 more');
    expect(message).not.toMatch(/[\p{Cc}]/u);
    expect(message.length).toBeLessThan(3000);
    expect(unexpected.length).toBe(200_000);
  }
});

test('A name that is not a string is rejected with a readable message', () => {
  const dict = new Map([[Symbol('weight'), { shape: [1, 1], data: new Float32Array(1) }]]);
  expect(() => loadStateDict(new Linear(1, 1, { random }), dict as never)).toThrow('got a symbol for a name');
});

test('A shape of many sizes in a state dict gives a short message', () => {
  const shape = Array<number>(100_000).fill(1);
  const dict = new Map([['weight', { shape, data: new Float32Array(1) }]]);
  expect(() => loadStateDict(new Linear(1, 1, { random, bias: false }), dict)).toThrow(
    /has shape \[(1, ){20}and 99980 more\], expected \[1, 1\]/,
  );
});

test('A module of a class without a name is called by the class above it', () => {
  expect(() => stateDict(new Nameless())).toThrow('got Module, in which none is found');
});
