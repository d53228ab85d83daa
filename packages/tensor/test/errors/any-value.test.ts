import { expect, test } from 'vitest';
import { ChronogradError, Tensor, zeros } from '../../src/index.ts';
import * as family from '../../src/ops/index.ts';

type Op = (...args: never[]) => unknown;

// Not for users: what ops, tapes and optimizers are built from; and what takes no tensor.
const others = new Set([
  ...[
    'address',
    'output',
    'requireTensor',
    'alias',
    'broadcastView',
    'contiguous',
    'sliceBy',
    'padBy',
    'multiply',
  ],
  ...[
    'addInto',
    'addRowsInto',
    'crossEntropyGrad',
    'sgdUpdate',
    'adagradUpdate',
    'adamUpdate',
    'fullLike',
    'zerosLike',
    'onesLike',
  ],
]);

const ops = Object.entries(family).filter(
  ([name, value]) => typeof value === 'function' && !others.has(name),
) as [string, Op][];

const junk = [undefined, null, 'text', true, [1, 2], {}, new Map(), () => 1, 1n, Symbol('x'), 3] as never[];

test('No op throws a raw error for an argument that is not a tensor, in any position', () => {
  expect(ops.length).toBeGreaterThan(50);
  const x = zeros([2, 2]);
  for (const [name, op] of ops) {
    for (const wrong of junk) {
      const calls: readonly (readonly unknown[])[] = [[wrong], [wrong, wrong], [wrong, x], [wrong, x, x]];
      for (const args of calls) {
        let outcome: unknown;
        try {
          outcome = op(...(args as never[]));
        } catch (error) {
          outcome = error;
        }
        // A number beside a tensor is valid for ops of two operands.
        if (wrong === 3 && outcome instanceof Tensor) continue;
        expect(outcome, `${name}(${args.map((arg) => typeof arg)})`).toBeInstanceOf(ChronogradError);
      }
    }
  }
});
