/** Terms that several optimizers share. */
import type { Parameter, Tensor } from '@chronograd/tensor';

/** Weight decay as part of the gradient: g + λ·p. */
export function decayed(gradient: Tensor, parameter: Parameter, weightDecay: number): Tensor {
  return weightDecay === 0 ? gradient : gradient.add(parameter.mul(weightDecay));
}

/** An exponential moving average in place: a ← β·a + (1 − β)·x. */
export function moveAverage(average: Parameter, x: Tensor, beta: number): void {
  average.assign(average.mul(beta).add(x.mul(1 - beta)));
}

/** baseⁿ for a whole n from 0 on, by squaring: the bits of `**` differ between engines. */
export function wholePower(base: number, n: number): number {
  let power = 1;
  for (let [square, left] = [base, n]; left > 0; square *= square, left = Math.floor(left / 2)) {
    if (left % 2 === 1) power *= square;
  }
  return power;
}
