/** Modules: an object with parameters is differentiated by them, alone and inside trees. */
import { grad, hvp, jvp, valueAndGrad, vjp } from '@chronograd/autograd';
import { Parameter, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { float64 } from './rules/plain.ts';

/** factor · x + bias. */
class Scale {
  readonly factor: Parameter = new Parameter(float64(3));
  readonly bias: Parameter = new Parameter(float64(1));

  parameterTree(): object {
    return this.bias.frozen ? { factor: this.factor } : { factor: this.factor, bias: this.bias };
  }

  forward(x: Tensor): Tensor {
    return x.mul(this.factor).add(this.bias);
  }
}

const x = float64([1, 2]);
const loss = (model: Scale): Tensor => model.forward(x).square().sum();
/** The loss is (f + b)² + (2f + b)²: its derivatives by f and b at 3 and 1. */
const expected = { factor: 2 * (4 + 2 * 7), bias: 2 * (4 + 7) };

test('a module gets gradients for what it shows, and none for what is frozen', () => {
  const model = new Scale();
  for (const both of [() => valueAndGrad(loss)(model), () => valueAndGrad(model, () => loss(model))()]) {
    model.bias.frozen = false;
    expect(both().grads.factor.item()).toBe(expected.factor);
    expect(both().grads.bias.item()).toBe(expected.bias);
    model.bias.frozen = true;
    expect(Object.keys(both().grads)).toEqual(['factor']);
    expect(both().grads.factor.item()).toBe(expected.factor);
  }
});

test('a module inside of a tree is itself inside of the function', () => {
  const tree = { models: [new Scale(), new Scale()] as const, weight: float64(2) };
  const f = ({ models, weight }: typeof tree): Tensor => loss(models[0]).mul(weight).add(loss(models[1]));
  const grads = grad(f)(tree);
  expect(grads.models[0].factor.item()).toBe(2 * expected.factor);
  expect(grads.models[1].bias.item()).toBe(expected.bias);
  expect(grads.weight.item()).toBe(16 + 49);
});

test('products with the Jacobian and the Hessian of a module', () => {
  const model = new Scale();
  const along = { factor: float64(1), bias: float64(-1) };
  const forward = (m: Scale): Tensor => m.forward(x);
  expect(jvp(forward, model, along).tangent.toArray()).toEqual([0, 1]);
  const { grads } = vjp(forward, model, float64([10, 1]));
  expect([grads.factor.item(), grads.bias.item()]).toEqual([12, 11]);
  // The Hessian is [[10, 6], [6, 4]].
  const { product } = hvp(loss, model, along);
  expect([product.factor.item(), product.bias.item()]).toEqual([4, 2]);
});

test('a parameter of two modules gets the sum of both gradients, in any place', () => {
  const [first, second] = [new Scale(), new Scale()];
  const tied = { first, second: Object.assign(new Scale(), { factor: first.factor, bias: second.bias }) };
  const { grads } = valueAndGrad(tied, () => loss(tied.first).add(loss(tied.second)))();
  expect(grads.first.factor.item()).toBe(2 * expected.factor);
  expect(grads.second.factor).toBe(grads.first.factor);
  expect(grads.second.bias.item()).toBe(expected.bias);
});
