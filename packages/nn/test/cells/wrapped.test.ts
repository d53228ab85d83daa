import { checkpoint, grad, gradcheck } from '@chronograd/autograd';
import { ones, plan, Random, type Tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { type CellSizes, cellLaws } from '../../src/checks/testing/index.ts';
import {
  type AnyCell,
  Cell,
  GRUCell,
  LSTMCell,
  loadStateDict,
  Recurrent,
  RNNCell,
  type Step,
  stateDict,
  variationalDropout,
  weightDrop,
  zoneout,
} from '../../src/index.ts';
import { gradientFlow, recordTaps, stateJacobian } from '../../src/probe/index.ts';
import { relativeError } from '../differences.ts';
import { measure } from '../recurrent/problems.ts';
import {
  B,
  bits,
  CELLS,
  drawn,
  dtype,
  F,
  H,
  measureGradients,
  numbers,
  restart,
  T,
  WRAPPERS,
} from './wrappers.ts';

const pairs = Object.entries(WRAPPERS).flatMap(([wrapper, wrap]) =>
  Object.entries(CELLS)
    .filter(([cell]) => wrapper === 'all of them' || cell === 'LSTMCell')
    .map(([cell, make]) => [wrapper, cell, wrap, make] as const),
);

/** Outputs, states and gradients as text, with names of the bare cell. */
function outcome(recurrent: Recurrent<AnyCell>, x: Tensor, lengths = [T, 2, 4]): string {
  const { outputs, states, grads } = measure({ recurrent, x }, () =>
    recurrent.forward(x, undefined, { lengths }),
  );
  const named = [...grads].map(([name, g]) => `${name.replace(/(cell\.)+/, 'cell.')} ${bits(g)}`);
  return JSON.stringify([bits(outputs), states.map(bits), named]);
}

describe.each(pairs)('%s around %s', (_, __, wrap, make) => {
  const x = drawn(1, T, B, F);

  test('has with p = 0, and without zoneout in evaluation mode, the bits of the cell itself', () => {
    const bare = outcome(new Recurrent(make(new Random(1))), x);
    expect(outcome(new Recurrent(wrap(make(new Random(1)), 0, 2)), x)).toBe(bare);
    const off = wrap(make(new Random(1)), 0.5, 2).evaluate();
    const before = off.random.state;
    if (wrap !== WRAPPERS.zoneout && wrap !== WRAPPERS['all of them'])
      expect(outcome(new Recurrent(off), x)).toBe(bare);
    expect(off.random.state).toEqual(before);
  });

  test('has the same bits checkpointed and planned, with new masks in each call', () => {
    const runs = [{}, { checkpoint: 2 }].flatMap((options) =>
      [false, true].map((planned) => {
        const recurrent = new Recurrent(wrap(make(new Random(1)), 0.4, 5), options);
        const step = grad(recurrent, (at: Tensor) => recurrent.forward(at).outputs.square().sum());
        const run = planned ? plan(step) : step;
        return [1, 2, 3].map(() => JSON.stringify(run(x), (_, v) => (Object.is(v, -0) ? 0 : v)));
      }),
    );
    for (const run of runs.slice(1)) expect(run).toEqual(runs[0]);
    expect(new Set(runs[0]).size).toBe(3);
  });
});

describe('Wrapped cells', () => {
  const [x, names] = [drawn(1, T, B, F), Object.entries(WRAPPERS)];

  test.each(Object.entries(CELLS))(
    'around %s they have gradients that equal differences, the masks fixed',
    (_, make) => {
      const cell = WRAPPERS['all of them']!(make(new Random(1)), 0.4, 5);
      const recurrent = new Recurrent(cell);
      const run = (at: Recurrent<AnyCell>, x: Tensor): Tensor => {
        restart(at.cell, new Random(5));
        return at.forward(x).outputs.square().sum();
      };
      gradcheck(run, [recurrent, drawn(1, 2, 2, F)]);
    },
  );

  test.each(names)('%s: state dicts have the names of the bare cell', (_, wrap) => {
    const make = (seed: number) => CELLS.LSTMCell!(new Random(seed));
    const bare = new Recurrent([make(1)]);
    const wrapped = new Recurrent([wrap(make(2), 0.5, 1)]);
    loadStateDict(wrapped, stateDict(bare));
    expect(JSON.stringify([...stateDict(wrapped)])).toBe(JSON.stringify([...stateDict(bare)]));
  });

  test.each(names)('%s: probes see one cell, under its path', (_, wrap) => {
    const make = () => CELLS.LSTMCell!(new Random(1));
    const seen = [make(), wrap(make(), 0.5, 1)].map((cell) => {
      const recurrent = new Recurrent(cell);
      const { result, taps } = recordTaps(recurrent, () => recurrent.forward(x));
      expect(bits(taps['cell.output']!)).toBe(bits(result.outputs));
      const flow = gradientFlow(recurrent, () => recurrent.forward(x).outputs.sum());
      return [
        Object.keys(taps).sort(),
        Object.keys(flow.norms).sort(),
        Object.keys(flow.contributions).length,
      ];
    });
    expect(seen[1]).toEqual(seen[0]);
  });

  test('Contributions of all steps sum to the gradient', () => {
    for (const wrap of Object.values(WRAPPERS)) {
      const cell = wrap(new LSTMCell(F, H, { random: new Random(1), dtype }), 0.4, 1);
      const recurrent = new Recurrent(cell);
      const loss = () => {
        restart(cell, new Random(8));
        return recurrent.forward(x).outputs.square().sum();
      };
      const { contributions } = gradientFlow(recurrent, loss, { keepSteps: true });
      const whole = measureGradients(recurrent, loss);
      for (const [name, { steps }] of Object.entries(contributions)) {
        const sum = steps!.reduce((a, b) => a.add(b));
        expect(relativeError(numbers(sum), numbers(whole.get(name)!)), name).toBeLessThanOrEqual(1e-12);
      }
    }
  });

  test('Inside of a cell of your own, checkpointed and as a whole, they keep their masks', () => {
    class Outer extends Cell<Tensor> {
      readonly inner = variationalDropout(
        weightDrop(new GRUCell(F, H, { random: new Random(1), dtype }), 0.3, { random: new Random(2) }),
        { input: 0.3, state: 0.3, random: new Random(3) },
      );
      initialState(batch: number): Tensor {
        return this.inner.initialState(batch);
      }
      step(x: Tensor, h: Tensor): Step<Tensor> {
        return this.inner.step(x.mul(2), h);
      }
    }
    const results = [false, 2].flatMap((length) =>
      [(body: () => Tensor) => body(), checkpoint<Tensor>].map((around) => {
        const recurrent = new Recurrent(new Outer(), { checkpoint: length });
        const loss = () => around(() => recurrent.forward(x).outputs.square().sum());
        return measureGradients(recurrent, loss);
      }),
    );
    // A checkpoint drops the weights in each step, and sums their gradients in another order.
    for (const each of results)
      for (const [name, g] of each)
        expect(relativeError(numbers(g), numbers(results[0]!.get(name)!)), name).toBeLessThanOrEqual(1e-13);
  });

  test('Jacobians of random steps are refused', () => {
    const cell = zoneout(new RNNCell(F, H, { random: new Random(1) }), 0.1, { random: new Random(1) });
    const jacobian = () => stateJacobian(new Recurrent(cell), ones([2, 1, F]));
    expect(jacobian).toThrow('stateJacobian: expected evaluation mode');
    cell.evaluate();
    expect(jacobian().shape).toEqual([1, H, H]);
  });
});

describe('In evaluation mode all wrappers together obey the laws of cells', () => {
  const make = ({ inputSize, hiddenSize, ...options }: CellSizes) =>
    WRAPPERS['all of them']!(new LSTMCell(inputSize, hiddenSize, options), 0.3, 1).evaluate();
  for (const law of cellLaws(make, { runs: 1, largest: { steps: 2, batch: 2, inputSize: 2, hiddenSize: 2 } }))
    test(law.name, law.check);
});
