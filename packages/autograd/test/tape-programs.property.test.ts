/**
 * Laws of the engine over random programs. Their tensors are used many times, once or never, and
 * sliced, looked up and transposed.
 */
import { grad, hvp, jvp, vjp } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose } from './rules/laws.ts';
import { inner, total } from './rules/plain.ts';
import { matrices, type Program, programs, toMatrix } from './tape-programs.ts';

const settings = { seed: 1, numRuns: 300 };
const pairs = fc.tuple(matrices, matrices);

const flat = (tensors: readonly Tensor[]): number[] => tensors.flatMap((x) => [...x.toTypedArray()]);
const asTensors = (values: readonly (readonly number[])[]): Tensor[] => values.map(toMatrix);

/** VJP of a program at x with cotangent u, as one row of numbers. */
function pulled(program: Program, x: readonly number[][], u: readonly number[]): number[] {
  return flat(vjp((at: readonly Tensor[]) => program.run(at), asTensors(x), toMatrix(u)).grads);
}

const magnitude = (values: readonly number[]): number => total(values.map(Math.abs));

test('values and products with the Jacobian, both ways, are those of dual numbers', () => {
  fc.assert(
    fc.property(programs, pairs, pairs, matrices, (program, x, v, u) => {
      const { value, tangent } = program.dual(x.map((each, i) => ({ value: each, tangent: v[i]! })));
      const f = (at: readonly Tensor[]): Tensor => program.run(at);
      const forward = jvp(f, asTensors(x), asTensors(v));
      [...forward.value.toTypedArray()].forEach((each, i) => {
        expectClose(each, value[i]!, magnitude(value), 1e-13);
      });
      [...forward.tangent.toTypedArray()].forEach((each, i) => {
        expectClose(each, tangent[i]!, magnitude(tangent), 1e-12);
      });
      const backward = pulled(program, x, u);
      expectClose(inner(backward, v.flat()), inner(tangent, u), magnitude(backward), 1e-12);
    }),
    settings,
  );
});

test('a VJP is linear in its cotangent', () => {
  fc.assert(
    fc.property(programs, pairs, matrices, matrices, (program, x, u, w) => {
      const [left, right] = [pulled(program, x, u), pulled(program, x, w)];
      const mixed = pulled(
        program,
        x,
        u.map((each, i) => 3 * each - 0.7 * w[i]!),
      );
      mixed.forEach((each, i) => {
        expectClose(each, 3 * left[i]! - 0.7 * right[i]!, magnitude(left) + magnitude(right), 1e-12);
      });
    }),
    settings,
  );
});

test('scaling a loss by a power of two scales its gradients by it, to the bit', () => {
  fc.assert(
    fc.property(programs, pairs, matrices, fc.integer({ min: -20, max: 20 }), (program, x, u, power) => {
      const factor = 2 ** power;
      const loss = (at: readonly Tensor[]): Tensor => program.run(at).mul(toMatrix(u)).sum();
      const plain = flat(grad(loss)(asTensors(x)));
      const scaled = flat(grad((at: readonly Tensor[]) => loss(at).mul(factor))(asTensors(x)));
      expect(scaled).toEqual(plain.map((each) => each * factor));
    }),
    settings,
  );
});

test('the gradient of a sum of two losses is the sum of their gradients', () => {
  fc.assert(
    fc.property(programs, programs, pairs, matrices, (first, second, x, u) => {
      const both = vjp(
        (at: readonly Tensor[]) => first.run(at).add(second.run(at)),
        asTensors(x),
        toMatrix(u),
      );
      const [left, right] = [pulled(first, x, u), pulled(second, x, u)];
      flat(both.grads).forEach((each, i) => {
        expectClose(each, left[i]! + right[i]!, magnitude(left) + magnitude(right), 1e-13);
      });
    }),
    settings,
  );
});

test('the gradient of a composition is the two VJPs composed by hand, to the bit', () => {
  fc.assert(
    fc.property(programs, programs, matrices, matrices, (outer, inside, x, u) => {
      const f = (at: Tensor): Tensor => outer.run([at]);
      const g = (at: Tensor): Tensor => inside.run([at]);
      const whole = vjp((at: Tensor) => f(g(at)), toMatrix(x), toMatrix(u));
      const middle = vjp(f, g(toMatrix(x)), toMatrix(u));
      const byHand = vjp(g, toMatrix(x), middle.grads);
      expect(whole.value.toArray()).toEqual(middle.value.toArray());
      expect(whole.grads.toArray()).toEqual(byHand.grads.toArray());
    }),
    settings,
  );
});

test('parts that do not depend on one another may be computed in any order', () => {
  fc.assert(
    fc.property(programs, programs, pairs, matrices, (first, second, x, u) => {
      const run = (swapped: boolean): number[] => {
        const f = (at: readonly Tensor[]): Tensor => {
          if (!swapped) {
            const a = first.run(at);
            return a.mul(second.run(at));
          }
          const b = second.run(at);
          return first.run(at).mul(b);
        };
        return flat(vjp(f, asTensors(x), toMatrix(u)).grads);
      };
      const straight = run(false);
      run(true).forEach((each, i) => {
        expectClose(each, straight[i]!, magnitude(straight), 1e-13);
      });
    }),
    settings,
  );
});

test('Hessian–vector products are what differences of gradients say', () => {
  fc.assert(
    fc.property(programs, pairs, pairs, matrices, (program, x, v, u) => {
      const loss = (at: readonly Tensor[]): Tensor => program.run(at).mul(toMatrix(u)).sum();
      const { product } = hvp(loss, asTensors(x), asTensors(v));
      const step = 2 ** -11;
      const at = (k: number): number[] =>
        flat(grad(loss)(asTensors(x.map((each, i) => each.map((value, j) => value + k * step * v[i]![j]!)))));
      const [a, b, c, d] = [at(-2), at(-1), at(1), at(2)];
      flat(product).forEach((each, i) => {
        const numeric = (a![i]! - 8 * b![i]! + 8 * c![i]! - d![i]!) / (12 * step);
        expectClose(each, numeric, magnitude(a!), 1e-8);
      });
    }),
    { seed: 1, numRuns: 60 },
  );
});
