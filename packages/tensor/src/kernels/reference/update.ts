/**
 * Kernels over one flat block of parameters or gradients: measuring, clipping and the optimizers'
 * steps.
 */
import type { FloatKernels } from '../contract.ts';
import type { FloatElement } from './element.ts';
import { pairwiseSum } from './pairwise.ts';

function maxAbs({ view, index }: FloatElement): FloatKernels['maxAbs'] {
  return (x, n) => {
    const values = view();
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(values[index(x) + i]!));
    return largest;
  };
}

function sumSquares({ view, index }: FloatElement): FloatKernels['sumSquares'] {
  return (x, n, scale) => {
    const values = view();
    const square = (k: number): number => {
      const scaled = values[k]! * scale;
      return scaled * scaled;
    };
    return pairwiseSum(square, (s) => s, index(x), n);
  };
}

function clip({ view, index, round }: FloatElement): FloatKernels['clip'] {
  return (x, y, n, low, high) => {
    const values = view();
    const least = round(low);
    const most = round(high);
    for (let i = 0; i < n; i++) {
      values[index(y) + i] = Math.min(Math.max(values[index(x) + i]!, least), most);
    }
  };
}

function sgd({ view, index, round }: FloatElement): FloatKernels['sgd'] {
  return (p, g, n, lr) => {
    const values = view();
    const rate = round(lr);
    for (let i = 0; i < n; i++) {
      const at = index(p) + i;
      values[at] = values[at]! - round(rate * values[index(g) + i]!);
    }
  };
}

function adagrad({ view, index, round }: FloatElement): FloatKernels['adagrad'] {
  return (p, g, s, n, lr, eps, epsInside) => {
    const values = view();
    const rate = round(lr);
    const epsilon = round(eps);
    for (let i = 0; i < n; i++) {
      const at = index(p) + i;
      const gradient = values[index(g) + i]!;
      const sum = round(values[index(s) + i]! + round(gradient * gradient));
      const root =
        epsInside === 1 ? round(Math.sqrt(round(sum + epsilon))) : round(round(Math.sqrt(sum)) + epsilon);
      values[index(s) + i] = sum;
      values[at] = values[at]! - round(round(rate * gradient) / root);
    }
  };
}

function adam({ view, index, round }: FloatElement): FloatKernels['adam'] {
  return (p, g, m, v, n, lr, beta1, rest1, beta2, rest2, root, eps) => {
    const values = view();
    const [rate, divisor, epsilon] = [round(lr), round(root), round(eps)];
    const moved = (average: number, beta: number, x: number, rest: number): number =>
      round(round(round(beta) * average) + round(round(rest) * x));
    for (let i = 0; i < n; i++) {
      const [atP, atM, atV] = [index(p) + i, index(m) + i, index(v) + i];
      const gradient = values[index(g) + i]!;
      const mean = moved(values[atM]!, beta1, gradient, rest1);
      const square = moved(values[atV]!, beta2, round(gradient * gradient), rest2);
      const d = round(round(round(Math.sqrt(square)) / divisor) + epsilon);
      values[atM] = mean;
      values[atV] = square;
      values[atP] = values[atP]! - round(rate * round(mean / d));
    }
  };
}

/** The measuring and updating kernels of one float dtype. */
export function updates(
  element: FloatElement,
): Pick<FloatKernels, 'maxAbs' | 'sumSquares' | 'clip' | 'sgd' | 'adagrad' | 'adam'> {
  return {
    maxAbs: maxAbs(element),
    sumSquares: sumSquares(element),
    clip: clip(element),
    sgd: sgd(element),
    adagrad: adagrad(element),
    adam: adam(element),
  };
}
