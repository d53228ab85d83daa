import { stopGradient } from '@chronograd/autograd';
import { normal, ones, Parameter, Random, stack, type Tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import {
  checkTraining,
  Dropout,
  GRUCell,
  Linear,
  LSTM,
  Module,
  mse,
  Recurrent,
  RNNCell,
  TrainingError,
} from '../../src/index.ts';

const random = new Random(1);
const x = normal([5, 3, 2], { random });
const target = ones([5, 3, 1]);

class Net extends Module {
  readonly recurrent: Recurrent<RNNCell> = new Recurrent(new RNNCell(2, 4, { random }));
  readonly head: Linear = new Linear(4, 1, { random });
  forward(input: Tensor): Tensor {
    return this.head.forward(this.recurrent.forward(input).outputs);
  }
}

function problemsOf(model: Module, output: (input: Tensor) => Tensor): TrainingError | null {
  try {
    checkTraining(model, (input, wanted) => mse(output(input), wanted), [x, target]);
    return null;
  } catch (error) {
    if (error instanceof TrainingError) return error;
    throw error;
  }
}

describe('A tensor that is used and not trained is named', () => {
  test('a module in a private field, with its class and where it ran', () => {
    class Secret extends Net {
      readonly #skip = new Linear(2, 1, { random });
      override forward(input: Tensor): Tensor {
        return super.forward(input).add(this.#skip.forward(input));
      }
    }
    const model = new Secret();
    const error = problemsOf(model, (input) => model.forward(input));
    expect(error?.unused).toEqual([]);
    expect(error?.hidden).toHaveLength(2);
    expect(error?.hidden[0]).toMatch(/^weight \[1, 2\] of a Linear, used by \w+$/);
    expect(error?.hidden[1]).toMatch(/^bias \[1\] of a Linear, used by \w+$/);
    expect(String(error)).toContain('parameters that Secret does not expose, so they would not be trained');
  });

  test('a parameter in a private field of a cell, with the path of the cell and the time step', () => {
    class Gained extends RNNCell {
      readonly #gain = new Parameter(ones([4]));
      override advance(projected: Tensor, h: Tensor) {
        const { output } = super.advance(projected, h);
        return { output: output.mul(this.#gain), state: output.mul(this.#gain) };
      }
    }
    const model = new Recurrent(new Gained(2, 4, { random }));
    const error = problemsOf(model, (input) => model.forward(input).outputs.mean(-1, true));
    expect(error?.hidden).toEqual(['a Parameter [4], used by mul (cell, time step 0)']);
  });

  test('a parameter and a module in a closure', () => {
    const model = new Net();
    const scale = new Parameter(ones([1]));
    const skip = new Linear(2, 1, { random, bias: false });
    const error = problemsOf(model, (input) => model.forward(input).mul(scale).add(skip.forward(input)));
    expect(error?.hidden).toEqual([
      'a Parameter [1], used by mul',
      expect.stringMatching(/^weight \[1, 2\] of a Linear, used by \w+$/),
    ]);
  });

  test('a part that another replaced while the loss still uses the old one', () => {
    const model = new Net();
    const { head } = model;
    Object.assign(model, { head: new Linear(4, 1, { random }) });
    const error = problemsOf(model, (input) => head.forward(model.recurrent.forward(input).outputs));
    expect(error?.hidden).toHaveLength(2);
    expect(error?.unused).toEqual(['head.weight', 'head.bias']);
  });
});

describe('A parameter of the model that the loss does not use is named', () => {
  test('a layer that is never called', () => {
    class Idle extends Net {
      readonly idle: Linear = new Linear(2, 2, { random });
    }
    const model = new Idle();
    expect(problemsOf(model, (input) => model.forward(input))).toMatchObject({
      hidden: [],
      unused: ['idle.weight', 'idle.bias'],
    });
  });

  test('one that is used where no gradient passes, or whose result goes nowhere', () => {
    const model = new Net();
    const cut = (input: Tensor) => {
      const { outputs } = model.recurrent.forward(input);
      model.head.forward(outputs);
      return stopGradient(outputs)
        .mul(model.head.weight.reshape([4]))
        .sum(-1, true);
    };
    expect(problemsOf(model, cut)?.unused).toEqual([
      'recurrent.cell.weightIh (used, but no gradient reaches it)',
      'recurrent.cell.weightHh (used, but no gradient reaches it)',
      'recurrent.cell.biasIh (used, but no gradient reaches it)',
      'recurrent.cell.biasHh (used, but no gradient reaches it)',
      'head.bias (used, but no gradient reaches it)',
    ]);
  });
});

describe('Training a part on purpose is no error', () => {
  test('a whole model, all of whose parameters are trained', () => {
    const model = new Net();
    expect(problemsOf(model, (input) => model.forward(input))).toBeNull();
    const stacked = new LSTM(2, 1, { random, layers: 2, bidirectional: true, dropout: 0.5 });
    expect(problemsOf(stacked, (input) => stacked.forward(input).outputs.mean(-1, true))).toBeNull();
  });

  test('a head whose body is frozen, with the whole as target and the head alone', () => {
    const model = new Net();
    model.recurrent.freeze();
    expect(problemsOf(model, (input) => model.forward(input))).toBeNull();
    expect(problemsOf(model.head, (input) => model.forward(input))).toBeNull();
  });

  test('a part as target, whose whole is alive, frozen or not', () => {
    const model = new Net();
    expect(problemsOf(model.head, (input) => model.forward(input))).toBeNull();
    expect(problemsOf(model.recurrent.cell, (input) => model.forward(input))).toBeNull();
    class Outer extends Module {
      readonly nets: readonly Net[] = [new Net(), model];
    }
    const outer = new Outer();
    const both = (input: Tensor) => stack(outer.nets.map((net) => net.forward(input))).sum(0);
    expect(problemsOf(model, both)).toBeNull();
  });

  test('a frozen reservoir in a private field, and layers that are frozen and not used', () => {
    class Echo extends Module {
      readonly #reservoir = new Recurrent(new GRUCell(2, 6, { random })).freeze() as Recurrent<GRUCell>;
      readonly readout: Linear = new Linear(6, 1, { random });
      readonly spare: Linear = new Linear(6, 1, { random }).freeze();
      forward(input: Tensor): Tensor {
        return this.readout.forward(this.#reservoir.forward(input).outputs);
      }
    }
    const model = new Echo();
    expect(problemsOf(model, (input) => model.forward(input))).toBeNull();
  });

  test('tied weights, and a target network whose outputs are constants', () => {
    class Tied extends Module {
      readonly one: Linear = new Linear(2, 2, { random, bias: false });
      readonly two: Linear = this.one;
      forward(input: Tensor): Tensor {
        return this.two.forward(this.one.forward(input)).sum(-1, true);
      }
    }
    const model = new Tied();
    const slow = new Tied();
    expect(
      problemsOf(model, (input) => model.forward(input).sub(stopGradient(slow.forward(input)))),
    ).toBeNull();
  });
});

test('Checking changes no weight and restores every method', () => {
  const model = new Net();
  const before = model.parameters().map(String);
  checkTraining(model, (input) => model.forward(input).mean(), [x]);
  expect(model.parameters().map(String)).toEqual(before);
  expect(Object.hasOwn(model, 'forward')).toBe(false);
});

test('A getter that throws, in modules that have nothing to do with the loss, changes nothing', () => {
  const broken = new Linear(1, 1, { random });
  Object.defineProperty(broken, 'broken', {
    enumerable: true,
    get() {
      throw new Error('not readable');
    },
  });
  class Whole extends Module {
    readonly parts: readonly Module[] = [broken];
  }
  const whole = new Whole();
  const model = new Net();
  expect(problemsOf(model, (input) => model.forward(input))).toBeNull();
  expect(whole.parts).toEqual([broken]);
});

test('A loss that returns no scalar tensor or is not a function, and arguments that are not a list, are rejected', () => {
  const model = new Net();
  const wrong = checkTraining as unknown as (...args: unknown[]) => void;
  expect(() => wrong(model, () => x, [])).toThrow(
    'checkTraining: expected a single number from the function, got shape [5, 3, 2]',
  );
  expect(() => wrong(model, () => 3, [])).toThrow(
    'checkTraining: expected a tensor or { value, aux } from the function, got a number',
  );
  expect(() => wrong(model, x, [])).toThrow('checkTraining: expected a function for the loss, got a Tensor');
  expect(() => wrong(model, () => x, x)).toThrow("checkTraining: expected an array of the loss's arguments");
  expect(() => wrong({}, () => x, [])).toThrow('checkTraining: expected a module, got an object');
});

test('A module with dropout is checked in training mode', () => {
  class Dropping extends Net {
    readonly dropout: Dropout = new Dropout(1, { random });
    override forward(input: Tensor): Tensor {
      return super.forward(input).add(this.dropout.forward(input).sum(-1, true));
    }
  }
  const model = new Dropping();
  expect(problemsOf(model, (input) => model.forward(input))).toBeNull();
});
