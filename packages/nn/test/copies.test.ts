import * as autograd from '@chronograd/autograd';
import { normal, ones, Random, type Tensor, ValueError, zeros } from '@chronograd/tensor';
import { describe, expect, test, vi } from 'vitest';
import * as nn from '../src/index.ts';
import { gradientFlow } from '../src/probe/index.ts';

vi.resetModules();
const theirs = { nn: await import('../src/index.ts'), tensor: await import('@chronograd/tensor') };
const random = new Random(1);
const theirRandom = new theirs.tensor.Random(1);
const foreign = {
  tensor: theirs.tensor.ones([2, 3, 2]) as unknown as Tensor,
  linear: new theirs.nn.Linear(2, 2, { random: theirRandom }) as unknown as nn.Linear,
  cell: new theirs.nn.RNNCell(2, 2, { random: theirRandom }) as unknown as nn.RNNCell,
};
const mine = { linear: new nn.Linear(2, 2, { random }), cell: new nn.RNNCell(2, 2, { random }) };
const x = normal([2, 3, 2], { random });
const gradients = { weight: foreign.tensor, bias: zeros([2]) };

class Holding extends nn.Module {
  readonly own: nn.Linear = mine.linear;
  readonly other: unknown;
  constructor(other: unknown) {
    super();
    this.other = other;
  }
}

const calls: readonly (readonly [what: string, call: () => unknown])[] = [
  ['grad of a tensor', () => autograd.grad((y: Tensor) => y.sum())(foreign.tensor)],
  ['grad of a tree', () => autograd.grad((tree: { y: Tensor }) => tree.y.sum())({ y: foreign.tensor })],
  ['grad of a module', () => autograd.grad(foreign.linear, () => x.sum())()],
  ['grad with another value', () => autograd.grad(() => foreign.tensor)(x)],
  ['valueAndGrad of a module', () => autograd.valueAndGrad({ m: foreign.cell }, () => x.sum())()],
  ['vjp', () => autograd.vjp((y: Tensor) => y, foreign.tensor, x)],
  ['vjp with another cotangent', () => autograd.vjp((y: Tensor) => y, x, foreign.tensor)],
  ['vjp of another result', () => autograd.vjp(() => foreign.tensor, x, x)],
  ['jvp along another tangent', () => autograd.jvp((y: Tensor) => y, x, foreign.tensor)],
  ['hvp', () => autograd.hvp((y: Tensor) => y.sum(), foreign.tensor, x)],
  ['gradcheck', () => autograd.gradcheck((y: Tensor) => y, [foreign.tensor])],
  ['compareGradients', () => autograd.compareGradients({ y: foreign.tensor }, { y: x })],
  ['stopGradient', () => autograd.stopGradient(foreign.tensor)],
  [
    'customGradient',
    () =>
      autograd.customGradient(
        (_: Tensor) => foreign.tensor,
        (g) => [g],
      )(x),
  ],
  ['Recurrent', () => new nn.Recurrent(foreign.cell)],
  ['Recurrent of layers', () => new nn.Recurrent([mine.cell, foreign.cell])],
  ['Recurrent.forward', () => new nn.Recurrent(mine.cell).forward(foreign.tensor)],
  ['a state', () => new nn.Recurrent(mine.cell).forward(x, foreign.tensor)],
  ['an optimizer', () => new nn.Adam(foreign.linear)],
  ['a group', () => new nn.Adam(mine.linear, { groups: [{ parameters: foreign.linear.weight }] })],
  ['update', () => new nn.SGD(mine.linear, { lr: 0.1 }).update(gradients)],
  ['functionalCall', () => nn.functionalCall(foreign.linear, {}, () => 0)],
  ['weights of functionalCall', () => nn.functionalCall(mine.linear, gradients, () => 0)],
  ['checkTraining', () => nn.checkTraining(foreign.linear, () => x.sum(), [])],
  ['detectAnomaly', () => nn.detectAnomaly(foreign.linear, () => 0)],
  ['blocksOf', () => nn.blocksOf(foreign.linear)],
  ['gradientFlow', () => gradientFlow(foreign.cell, () => x.sum())],
  ['clipByGlobalNorm', () => nn.clipByGlobalNorm({ w: foreign.tensor }, 1)],
  ['a loss', () => nn.mse(x, foreign.tensor)],
  ['Linear.forward', () => mine.linear.forward(foreign.tensor)],
  ['a module in a field', () => new Holding(foreign.linear).parameters()],
  ['a module in an array', () => autograd.grad(new Holding([mine.linear, foreign.cell]), () => x.sum())()],
  ['a parameter in a field', () => autograd.grad(new Holding(foreign.linear.weight), () => x.sum())()],
];

describe('A program with two loaded copies of the packages gets an error that says so', () => {
  test('They are two', () => {
    expect(theirs.nn.Module).not.toBe(nn.Module);
    expect(foreign.linear).not.toBeInstanceOf(nn.Module);
  });

  test.each(calls)('by %s', (_, call) => {
    expect(call).toThrow(/of another loaded copy of @chronograd\/(tensor|nn)/);
    expect(call).toThrow(/two copies share nothing, so make the program load one/);
  });

  test('In the package’s own errors', () => {
    expect(calls[0]![1]).toThrow(ValueError);
    expect(calls[0]![1]).toThrow(
      'grad: expected a tensor, a module, or arrays or objects of them, got a Tensor of another loaded copy of @chronograd/tensor',
    );
  });

  test('What is this copy’s own is described as ever', () => {
    expect(() => new nn.Recurrent(mine.linear as never)).toThrow(
      'Recurrent: expected a cell, or a list of layers: [cell, cell] or [[forward, backward], …], got a Linear;',
    );
    expect(() => nn.functionalCall(ones([1]) as never, {}, () => 0)).toThrow(
      'functionalCall: expected a module, got a Tensor',
    );
  });
});
