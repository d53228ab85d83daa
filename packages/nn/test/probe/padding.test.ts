/** Probes on batches of sequences of different lengths. */
import { Random, stack, type Tensor, tensor, zeros } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Cell, Recurrent, type Step } from '../../src/index.ts';
import { jacobianNorms, recordTaps, stateJacobian, stepJacobians } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { numbers } from '../recurrent/problems.ts';
import { bits, build, NamingCell, someNet } from './problems.ts';

const [T, B, F, H] = [4, 3, 3, 2];

test('A padded sequence has the Jacobians that it has alone, and those of padded steps are the identity', () => {
  const lengths = [T, 2, 0];
  fc.assert(
    fc.property(someNet(1), fc.boolean(), fc.boolean(), (net, batchFirst, masked) => {
      const recurrent = build(net, F, H, { batchFirst });
      const x = numbers(net.seed, T, B, F);
      const mask = tensor(lengths.map((length) => Array.from({ length: T }, (_, t) => (t < length ? 1 : 0))));
      const padding = masked ? { mask: batchFirst ? mask : mask.transpose() } : { lengths };
      const all = batchFirst ? x.transpose(0, 1) : x;
      const norms = jacobianNorms(recurrent, all, { padding });
      const steps = stepJacobians(recurrent, all, { padding });
      const whole = stateJacobian(recurrent, all, { padding });
      lengths.forEach((length, b) => {
        const own = x.slice([0, Math.max(length, 1)], [b, b + 1]);
        const alone = batchFirst ? own.transpose(0, 1) : own;
        const identity = steps.shape[2]! ** 0.5;
        for (let t = length; t < T; t++) {
          expect(norms.select(t).toTypedArray()[b]).toBeCloseTo(1, 14);
          const held = steps.select(t).select(b);
          expect(held.sum().item()).toBe(held.shape[0]);
          expect(held.norm().item()).toBeCloseTo(identity, 12);
        }
        if (length === 0) return;
        expectClose(whole.select(b), stateJacobian(recurrent, alone).select(0));
        expectClose(
          stack(Array.from({ length: length + 1 }, (_, t) => norms.select(t).slice([b, b + 1]))),
          jacobianNorms(recurrent, alone),
        );
      });
    }),
    { seed: 1, numRuns: 12 },
  );
});

function expectClose(a: ReturnType<typeof stateJacobian>, b: ReturnType<typeof stateJacobian>): void {
  expect(relativeError(a.toTypedArray(), b.toTypedArray(), 1e-13)).toBeLessThan(1e-12);
}

test('What a cell names is 0 at padded steps, in both directions, and equals that of the sequence alone at others', () => {
  const cells = [1, 2].map((seed) => new NamingCell(F, H, new Random(seed))) as [NamingCell, NamingCell];
  const recurrent = new Recurrent([cells]);
  const lengths = [T, 2, 0];
  const x = numbers(1, T, B, F);
  const { taps } = recordTaps(recurrent, () => recurrent.forward(x, undefined, { lengths }));
  for (const name of ['cell.0.0.z', 'cell.0.1.n', 'cell.0.0.output']) {
    lengths.forEach((length, b) => {
      const row = taps[name]!.select(b, 1);
      for (let t = length; t < T; t++) expect([name, b, bits(row.select(t))]).toEqual([name, b, '0,0']);
      if (length === 0) return;
      const own = x.slice([0, length], [b, b + 1]);
      const alone = recordTaps(recurrent, () => recurrent.forward(own)).taps[name]!;
      expect(relativeError(row.slice([0, length]).toTypedArray(), alone.toTypedArray(), 1e-13)).toBeLessThan(
        1e-14,
      );
    });
  }
});

test('What a cell names without an axis for the batch is the same at padded steps', () => {
  class Scaled extends Cell<Tensor> {
    initialState(batch: number): Tensor {
      return zeros([batch, F], { dtype: 'float64' });
    }
    step(x: Tensor, h: Tensor): Step<Tensor> {
      const scale = this.tap('scale', tensor([0.5, 2, 1, 3], { dtype: 'float64' }));
      const next = h.add(x.mul(scale.sum()));
      return { output: next, state: next };
    }
  }
  const recurrent = new Recurrent(new Scaled());
  const { taps } = recordTaps(recurrent, () =>
    recurrent.forward(numbers(1, T, B, F), undefined, { lengths: [T, 2, 0] }),
  );
  expect(taps['cell.scale']!.toArray()).toEqual(new Array(T).fill([0.5, 2, 1, 3]));
});
