import { Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { type AnyCell, Module, RNNCell, type Step } from '../../src/index.ts';
import { gradientFlow, recordTaps } from '../../src/probe/index.ts';
import { numbers } from '../recurrent/problems.ts';
import { NamingCell } from './problems.ts';

const [B, F, H] = [2, 3, 2];

test.each(['state', 'output', 'state.h', 'output.0'])(
  'The name %s, of a kind that probes give, throws an error, and after a throw the cells are as they were',
  (name) => {
    class Misnaming extends NamingCell {
      override step(x: Tensor, state: { h: Tensor; steps: number }): Step<{ h: Tensor; steps: number }> {
        this.tap(name, state.h);
        return super.step(x, state);
      }
    }
    class Model extends Module {
      readonly cells: readonly AnyCell[] = [
        new Misnaming(F, H, new Random(1)),
        new RNNCell(F, H, { random: new Random(1) }),
      ];
    }
    const model = new Model();
    const [cell] = model.cells as [AnyCell];
    const own = () => model.cells.map((each) => Object.getOwnPropertyNames(each));
    const before = own();
    const run = () => cell.step(numbers(1, B, F), cell.initialState(B));
    run();
    expect(() => recordTaps(model, run)).toThrow(`tap: expected a name other than ${name} from Misnaming`);
    expect(own()).toEqual(before);
    run();
  },
);

test('Names that only start like those of probes are allowed', () => {
  class Naming extends NamingCell {
    override step(x: Tensor, state: { h: Tensor; steps: number }): Step<{ h: Tensor; steps: number }> {
      for (const name of ['states', 'outputs', 'last.state']) this.tap(name, state.h);
      return super.step(x, state);
    }
  }
  const cell = new Naming(F, H, new Random(1));
  const { taps } = recordTaps(cell, () => cell.step(numbers(1, B, F), cell.initialState(B)));
  expect(Object.keys(taps)).toEqual(['states', 'outputs', 'last.state', 'z', 'n', 'output', 'state.h']);
});

test('A cell in two places has the name of the first, in taps as in gradients', () => {
  class Model extends Module {
    readonly first: NamingCell = new NamingCell(F, H, new Random(1));
    readonly second: NamingCell = this.first;
    readonly third: NamingCell = new NamingCell(F, H, new Random(2));
  }
  const model = new Model();
  const x = numbers(1, B, F);
  const run = () => {
    const { state } = model.first.step(x, model.second.initialState(B));
    return model.third.step(x, model.second.step(x, state).state).output.square().sum();
  };
  const named = (of: object): string[] => [...new Set(Object.keys(of).map((name) => name.split('.')[0]!))];
  const { taps } = recordTaps(model, run);
  expect(named(taps)).toEqual(['first', 'third']);
  expect([taps['first.z']!.shape[0], taps['third.z']!.shape[0]]).toEqual([2, 1]);
  const flow = gradientFlow(model, run);
  expect([named(flow.norms), named(flow.contributions)]).toEqual([named(taps), named(taps)]);
});
