/** Composed elementwise ops of gates and activations. */
import { inNameOf } from '../errors.ts';
import { requireTensor, type Tensor } from '../tensor.ts';
import { add, mul, sub } from './binary.ts';
import { softplus } from './compose.ts';
import { neg } from './elementwise.ts';
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
