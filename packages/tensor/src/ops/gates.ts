/** Composed elementwise ops of gates and activations. */
import { describeValue, inNameOf, ValueError } from '../errors.ts';
import { requireTensor, type Tensor } from '../tensor.ts';
import { add, mul, sub } from './binary.ts';
import { softplus } from './compose.ts';
import { erf, neg, tanh } from './elementwise.ts';
import { type Operand, requireFloats } from './launch.ts';

/** 1 − x: what a gate leaves. */
export const oneMinus = (x: Tensor): Tensor => sub(1, requireTensor('oneMinus', x));

/**
 * a + w · (b − a): from `a` at w = 0 to `b` at w = 1, there up to rounding. A gate z moves a state:
 * `h.lerp(candidate, z)`. Operands broadcast. An infinite `a` or `b` gives NaN.
 */
export function lerp(a: Tensor, b: Operand, w: Operand): Tensor {
  requireTensor('lerp', a);
  return inNameOf('lerp', () => add(a, mul(sub(b, a), w)));
}

/** log sigmoid(x) = −softplus(−x) without overflow: x far below 0, −e⁻ˣ far above. */
export const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(requireFloats('logSigmoid', x))));

/**
 * x · Φ(x), where Φ is the distribution function of the normal distribution. Hendrycks and Gimpel,
 * 2016. NaN at −∞, as in PyTorch.
 * @param approximate 'none' computes ½·x·(1 + erf(x/√2)), 'tanh' the approximation
 * ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). Default: 'none'.
 * @throws ValueError for another approximation.
 */
export function gelu(x: Tensor, approximate: 'none' | 'tanh' = 'none'): Tensor {
  requireFloats('gelu', x);
  if (approximate !== 'none' && approximate !== 'tanh') {
    throw new ValueError(`gelu: expected 'none' or 'tanh', got ${describeValue(approximate)}`);
  }
  const phi =
    approximate === 'none'
      ? erf(mul(x, Math.SQRT1_2))
      : tanh(mul(add(x, mul(mul(mul(x, x), x), 0.044715)), Math.sqrt(2 / Math.PI)));
  return mul(mul(x, 0.5), add(phi, 1));
}
