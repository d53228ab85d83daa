/** Where in time things are seen: windows, directions, loops in loops, checkpoints. */
import { checkpoint, valueAndGrad } from '@chronograd/autograd';
import { concat, Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Cell, LSTMCell, Recurrent, RNNCell, type Step } from '../../src/index.ts';
import { gradientFlow, jacobianNorms, recordTaps, type Taps } from '../../src/probe/index.ts';
import { numbers } from '../recurrent/problems.ts';
import { bits, NamingCell } from './problems.ts';

const [B, F, H] = [2, 3, 2];
const options = { random: new Random(1), dtype: 'float64' } as const;

test('Windows of any lengths follow one another, each in order of time, in both directions', () => {
  const recurrent = new Recurrent([
    [new NamingCell(F, H, new Random(1)), new NamingCell(F, H, new Random(2))],
    new LSTMCell(2 * H, H, options),
  ]);
  for (const lengths of [
    [2, 5, 1],
    [5, 2, 2],
    [1, 3, 4],
  ]) {
    const windows = lengths.map((T, i) => numbers(i, T, B, F));
    const { taps } = recordTaps(recurrent, () => windows.map((x) => recurrent.forward(x)));
    const alone = windows.map((x) => recordTaps(recurrent, () => recurrent.forward(x)).taps);
    for (const name of Object.keys(taps))
      expect([name, bits(taps[name]!)]).toEqual([name, bits(concat(alone.map((each) => each[name]!)))]);
    const loss = () =>
      windows.map((x) => recurrent.forward(x).outputs.square().sum()).reduce((a, b) => a.add(b));
    const flow = gradientFlow(recurrent, loss);
    const flows = windows.map((x) =>
      gradientFlow(recurrent, () => recurrent.forward(x).outputs.square().sum()),
    );
    for (const name of Object.keys(flow.norms))
      expect([...flow.norms[name]!]).toEqual(flows.flatMap(({ norms }) => [...norms[name]!]));
    for (const name of Object.keys(flow.contributions)) {
      expect([...flow.contributions[name]!.norms]).toEqual(
        flows.flatMap(({ contributions }) => [...contributions[name]!.norms]),
      );
    }
  }
});

/** Names what its inner cell makes at every other step, and runs it twice. */
class Twice extends Cell<Tensor> {
  readonly inner: RNNCell = new RNNCell(F, H, options);
  readonly inside: Recurrent<RNNCell> = new Recurrent(new RNNCell(F, H, options));
  steps = 0;
  initialState(batch: number): Tensor {
    return this.inner.initialState(batch);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const once = this.inner.step(x, h).state;
    if (this.steps++ % 2 === 0) this.tap('even', once);
    const twice = this.inner.step(x, this.tap('once', once)).state;
    // A loop within the step, of two steps.
    const { state } = this.inside.forward(x.unsqueeze(0).expand([2, ...x.shape]), twice);
    return { output: state, state };
  }
}

test('What is run more than once in a step, at some steps, or in a loop within one, is at its step, in both directions of the loop', () => {
  const T = 4;
  const x = numbers(1, T, B, F);
  const backward = new Twice();
  const pair = new Recurrent([[new NamingCell(F, H, new Random(1)), backward]]);
  const { taps } = recordTaps(pair, () => pair.forward(x));
  // The same cell, forwards over the inputs turned round: then all steps are turned round.
  const cell = new Twice();
  const weights = new Map(backward.namedParameters());
  for (const [name, w] of cell.namedParameters()) w.assign(weights.get(name)!);
  const turned = new Recurrent(cell);
  const mirror = recordTaps(turned, () =>
    turned.forward(concat([3, 2, 1, 0].map((t) => x.slice([t, t + 1])))),
  ).taps;
  const at = (all: Taps, name: string, times: number): string[] =>
    Array.from({ length: T }, (_, t) => bits(all[name]!.slice([times * t, times * (t + 1)])));
  for (const [name, times] of [
    ['once', 1],
    ['inner.state', 2],
    ['inside.cell.state', 2],
    ['state', 1],
  ] as const) {
    const [own, other] = [at(taps, `cell.0.1.${name}`, times), at(mirror, `cell.${name}`, times)];
    expect([name, own]).toEqual([name, other.reverse()]);
  }
  // Steps 3 and 1 ran first and third.
  const even = taps['cell.0.1.even']!;
  const once = taps['cell.0.1.once']!;
  expect(bits(even)).toBe(bits(concat([1, 3].map((t) => once.slice([t, t + 1])))));
});

test('A user’s checkpoints are inactive during a probe: nothing is recorded twice, and results are the same', () => {
  const recurrent = new Recurrent(new LSTMCell(F, H, options));
  const windows = [numbers(1, 3, B, F), numbers(2, 2, B, F)];
  const losses = (run: (x: Tensor) => Tensor) => () => windows.map(run).reduce((a, b) => a.add(b));
  const plain = (x: Tensor) => recurrent.forward(x).outputs.square().sum();
  const checkpointed = (x: Tensor) => checkpoint(() => plain(x));
  const [one, two] = [losses(plain), losses(checkpointed)].map((loss) => gradientFlow(recurrent, loss));
  expect(two).toEqual(one);
  const taps = [losses(plain), losses(checkpointed)].map((loss) => {
    return recordTaps(recurrent, () => valueAndGrad(recurrent, loss)()).taps;
  });
  for (const [name, x] of Object.entries(taps[0]!)) expect(bits(taps[1]![name]!)).toBe(bits(x));
});

test('Enclosing probes ignore what a probe runs in its backward pass', () => {
  const recurrent = new Recurrent(new NamingCell(F, H, new Random(1)));
  const x = numbers(1, 3, B, F);
  const loss = () => recurrent.forward(x).outputs.square().sum();
  const probed = () => {
    jacobianNorms(recurrent, x);
    gradientFlow(recurrent, loss);
    return loss();
  };
  expect(gradientFlow(recurrent, probed)).toEqual(gradientFlow(recurrent, loss));
  const withJacobians = () => {
    jacobianNorms(recurrent, x);
    return loss();
  };
  const [plain, around] = [loss, withJacobians].map((run) => recordTaps(recurrent, run).taps);
  expect(Object.keys(around!)).toEqual(Object.keys(plain!));
  for (const [name, tap] of Object.entries(plain!)) expect(bits(around![name]!)).toBe(bits(tap));
});
