/**
 * Optimizers over plain numbers, one parameter at a time, written from PyTorch's documentation.
 * Ours are checked against them.
 */

/** One number's next value from its gradient; `step` counts from 1 on. */
type Rule = (p: number, g: number, lr: number, step: number) => number;

export function plainSgd(momentum: number, dampening: number, nesterov: boolean, weightDecay: number): Rule {
  let buffer = 0;
  return (p, gradient, lr, step) => {
    const g = gradient + weightDecay * p;
    if (momentum === 0) return p - lr * g;
    buffer = step === 1 ? g : momentum * buffer + (1 - dampening) * g;
    return p - lr * (nesterov ? g + momentum * buffer : buffer);
  };
}

export function plainAdagrad(
  lrDecay: number,
  weightDecay: number,
  eps: number,
  place: 'inside' | 'outside',
  first: number,
): Rule {
  let sum = first;
  return (p, gradient, lr, step) => {
    const g = gradient + weightDecay * p;
    sum += g ** 2;
    const root = place === 'inside' ? Math.sqrt(sum + eps) : Math.sqrt(sum) + eps;
    return p - ((lr / (1 + (step - 1) * lrDecay)) * g) / root;
  };
}

export function plainRmsprop(
  alpha: number,
  eps: number,
  centered: boolean,
  momentum: number,
  weightDecay: number,
): Rule {
  let [square, mean, buffer] = [0, 0, 0];
  return (p, gradient, lr) => {
    const g = gradient + weightDecay * p;
    square = alpha * square + (1 - alpha) * g ** 2;
    mean = alpha * mean + (1 - alpha) * g;
    const scaled = g / (Math.sqrt(centered ? square - mean ** 2 : square) + eps);
    buffer = momentum * buffer + scaled;
    return p - lr * (momentum > 0 ? buffer : scaled);
  };
}

export function plainAdam(
  beta1: number,
  beta2: number,
  eps: number,
  weightDecay: number,
  decoupled: boolean,
  amsgrad = false,
): Rule {
  let [m, v, largest] = [0, 0, 0];
  return (before, gradient, lr, step) => {
    const p = decoupled ? before * (1 - lr * weightDecay) : before;
    const g = decoupled ? gradient : gradient + weightDecay * before;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g ** 2;
    largest = Math.max(largest, v);
    const square = amsgrad ? largest : v;
    return p - (lr * (m / (1 - beta1 ** step))) / (Math.sqrt(square / (1 - beta2 ** step)) + eps);
  };
}

/** A rule with a separate state for each number. */
export class Plain {
  readonly values: number[];
  readonly #rules: readonly Rule[];
  #step = 0;

  constructor(values: Iterable<number>, make: () => Rule) {
    this.values = [...values];
    this.#rules = this.values.map(make);
  }

  update(gradients: readonly number[], lr: number): void {
    this.#step++;
    this.#rules.forEach((rule, i) => {
      this.values[i] = rule(this.values[i]!, gradients[i]!, lr, this.#step);
    });
  }
}
