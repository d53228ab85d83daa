/**
 * Modules, arrays and trees that a planned function reads are guarded, followed or rejected:
 * results equal the function's.
 */
import { valueAndGrad } from '@chronograd/autograd';
import {
  type NestedArray,
  normal,
  ones,
  Parameter,
  PlanError,
  plan,
  Random,
  type Tensor,
  tensor,
} from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { Dropout, functionalCall, Linear, Module } from '../src/index.ts';

class Scale extends Module {
  factor = new Parameter(tensor([2]));
  bias: Parameter | boolean | undefined = undefined;
  extra?: Linear;
  inner: Module | null = null;
  power = 1;
  mode = 'once';
  options = { double: false, shifts: [0] };
  factors = new Map([['last', 1]]);
  signs = new Set([1]);
  random = new Random(1);
  buffer = tensor([0]);
  activation: ((x: Tensor) => Tensor) | null = null;

  forward(x: Tensor): Tensor {
    let y = x.mul(this.factor);
    for (let i = 1; i < this.power; i++) y = y.mul(this.factor);
    if (this.bias instanceof Parameter) y = y.add(this.bias);
    if (this.extra !== undefined) y = this.extra.forward(y);
    if (this.inner instanceof Scale) y = this.inner.forward(y);
    if (this.mode === 'twice') y = y.add(y);
    for (const factor of this.factors.values()) y = y.mul(factor);
    for (const sign of this.signs) y = y.mul(sign);
    if (this.options.double) y = y.mul(2);
    for (const shift of this.options.shifts) y = y.add(shift);
    if (this.activation !== null) y = this.activation(y);
    return y.add(this.buffer).add(normal([1], { random: this.random, std: 0.01 }));
  }
}

class Around extends Module {
  readonly parts = [new Scale()];
  readonly off = new Switch();
  skip = false;
  forward(x: Tensor): Tensor {
    return this.skip ? x : this.parts.reduce((y, part) => part.forward(y), this.off.forward(x));
  }
}

/** It has no parameters. */
class Switch extends Module {
  on = false;
  forward(x: Tensor): Tensor {
    return this.on ? x.neg() : x;
  }
}

const linear = (): Linear => new Linear(1, 1, { random: new Random(3) });

const changes: Readonly<Record<string, (model: Around, part: Scale) => void>> = {
  'a field that was undefined is a parameter': (_, part) => {
    part.bias = new Parameter(tensor([5]));
  },
  'a field that was false is a parameter': (_, part) => {
    part.bias = new Parameter(tensor([6]));
  },
  'a field that was absent is a module': (_, part) => {
    part.extra = linear();
  },
  'a field that was null is a module': (_, part) => {
    part.inner = new Scale();
  },
  'a parameter is replaced': (_, part) => {
    part.factor = new Parameter(tensor([7]));
  },
  'a number': (_, part) => {
    part.power = 3;
  },
  'a string': (_, part) => {
    part.mode = 'twice';
  },
  'a boolean of the module around': (model) => {
    model.skip = true;
  },
  'a boolean in a plain object': (_, part) => {
    part.options.double = true;
  },
  'a number in an array in a plain object': (_, part) => {
    part.options.shifts.push(3);
  },
  'a plain object': (_, part) => {
    part.options = { double: true, shifts: [] };
  },
  'a value in a Map': (_, part) => {
    part.factors.set('last', 5);
  },
  'a value in a Set': (_, part) => {
    part.signs.add(-1);
  },
  'a Random': (_, part) => {
    part.random = new Random(9);
  },
  'a buffer': (_, part) => {
    part.buffer = tensor([11]);
  },
  'a function': (_, part) => {
    part.activation = (x) => x.exp();
  },
  'a method put over the class’s own': (_, part) => {
    part.forward = (x) => x.mul(100);
  },
  'a module in an array': (model) => {
    model.parts[0] = new Scale();
    model.parts[0].power = 2;
  },
  'a module more in an array': (model) => {
    model.parts.push(new Scale());
  },
  'a field of a module without parameters': (model) => {
    model.off.on = true;
  },
  'a field that is deleted': (_, part) => {
    Reflect.deleteProperty(part, 'mode');
  },
};

/** Ways of planning a model's forward: as gradient target, only captured, and as an argument. */
const ways: Readonly<Record<string, (model: Around) => (x: Tensor) => Tensor>> = {
  'as the target of gradients': (model) => {
    const step = plan(valueAndGrad(model, (x: Tensor) => model.forward(x).sum()));
    return (x) => step(x).value;
  },
  'from outside alone': (model) => plan((x: Tensor) => model.forward(x).sum()),
  'beside another target': (model) => {
    const other = linear();
    const step = plan(
      valueAndGrad(other, (x: Tensor) => other.forward(model.forward(x).reshape([1, 1])).sum()),
    );
    return (x) => step(x).value;
  },
  'as an argument': (model) => {
    const planned = plan((m: Around, x: Tensor) => m.forward(x).sum());
    return (x) => planned(model, x);
  },
};

for (const [change, apply] of Object.entries(changes)) {
  test.each(Object.entries(ways))(`a change is noticed in a module used %s: ${change}`, (_, planOf) => {
    const values = (make: (model: Around) => (x: Tensor) => Tensor): NestedArray[] => {
      const model = new Around();
      if (change.includes('false')) model.parts[0]!.bias = false;
      const run = make(model);
      const x = tensor([1.5]);
      const before = [run(x).item(), run(x).item()];
      apply(model, model.parts[0]!);
      return [...before, run(x).item(), run(x).item()];
    };
    const eager = (model: Around) => {
      const f = planOf(model);
      // Under a watcher a plan runs its function.
      return (x: Tensor) => functionalCall(model, {}, () => f(x));
    };
    expect(values(planOf)).toEqual(values(eager));
  });
}

test('a module that holds no tensor is guarded also on its own, and one with a getter that throws is left alone', () => {
  const off = new Switch();
  const odd = new Switch();
  Object.defineProperty(odd, 'broken', {
    enumerable: true,
    get() {
      throw new Error('not for reading');
    },
  });
  const planned = plan((x: Tensor) => off.forward(x));
  expect(planned(ones([1])).item()).toBe(1);
  off.on = true;
  expect(planned(ones([1])).item()).toBe(-1);
  expect(odd.forward(planned(ones([1]))).item()).toBe(-1);
});

test('evaluation mode that the function sets for a while, or for good, is set at every call', () => {
  const run = (planned: boolean): unknown[] => {
    const dropout = new Dropout(0.5, { random: new Random(1) });
    const f = (x: Tensor, back: boolean): Tensor => {
      dropout.evaluate();
      const y = dropout.forward(x);
      if (back) dropout.train();
      return y.add(dropout.forward(x));
    };
    const g = planned ? plan(f) : f;
    const x = ones([8]);
    return [true, true, false, true, false, false].map((back) => [g(x, back).toArray(), dropout.training]);
  };
  expect(run(true)).toEqual(run(false));
});

test('what changes in a module that the function does not use leaves recordings as they are', () => {
  const [used, other] = [linear(), linear()];
  const planned = plan((x: Tensor) => used.forward(x));
  for (let i = 0; i < 5; i++) {
    planned(ones([1, 1]));
    Object.assign(other, { weight: new Parameter(ones([1, 1])) });
  }
  expect(planned.stats).toEqual({ recorded: 1, replayed: 4, unplanned: 0, lastMiss: null });
});

test('a tensor that a module carries from call to call, and passes as an argument, is no reason to record again', () => {
  class Carrying extends Module {
    readonly weight = new Parameter(tensor([2]));
    state = tensor([1]);
    readonly advance = plan((state: Tensor) => state.mul(this.weight));
    step(): void {
      this.state = this.advance(this.state);
    }
  }
  const model = new Carrying();
  for (let i = 0; i < 5; i++) model.step();
  expect(model.state.item()).toBe(32);
  expect(model.advance.stats).toMatchObject({ recorded: 1, replayed: 4 });
});

test('a plan says which field keeps it from replaying', () => {
  class Counting extends Module {
    readonly weight = new Parameter(tensor([2]));
    calls = 0;
  }
  const model = new Counting();
  const planned = plan((x: Tensor) => x.mul(model.weight).add(model.calls));
  for (let i = 0; i < 20; i++) {
    expect(planned(ones([1])).item()).toBe(2 + i);
    model.calls++;
  }
  expect(planned.stats).toEqual({ recorded: 8, replayed: 0, unplanned: 12, lastMiss: 'calls of a Counting' });
});

test.each([
  ['a number', (model: Scale) => void model.power++, 'power of a Scale changed'],
  [
    'a tensor',
    (model: Scale) => void Object.assign(model, { buffer: tensor([1]) }),
    'buffer of a Scale changed',
  ],
  ['an array', (model: Scale) => void model.options.shifts.push(1), 'length of an array changed'],
])('a field that the function itself changes is refused: %s', (_, write, message) => {
  const model = new Scale();
  const planned = plan((x: Tensor) => {
    write(model);
    return model.forward(x);
  });
  expect(() => planned(ones([1]))).toThrow(PlanError);
  expect(() => planned(ones([1]))).toThrow(message);
});
