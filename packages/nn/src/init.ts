/** First values of weights. Matrices are [out, in], as PyTorch has them: fan-in is the last size, fan-out the first. */
import {
  normal,
  type RandomOptions,
  type Shape,
  ShapeError,
  type Tensor,
  tensor,
  uniform,
  zeros,
} from '@chronograd/tensor';
import { showShape, sizeOf } from '@chronograd/tensor/engine';

/**
 * Makes the first values of a parameter of some shape. The options are those of the layer that it serves: those that are not about random
 * numbers or the dtype are not looked at.
 */
export type Initializer = (shape: Shape, options: RandomOptions) => Tensor;

/** The part of a layer's options that is about its first values. */
export function randomOf({ random, dtype }: RandomOptions): RandomOptions {
  return dtype === undefined ? { random } : { random, dtype };
}

/** Zeros. */
export const zerosInit: Initializer = (shape, { dtype = 'float32' }) => zeros(shape, { dtype });

/** Normal with the given standard deviation: 0.01 in min-char-rnn. */
export const normalInit =
  (std: number): Initializer =>
  (shape, options) =>
    normal(shape, { ...randomOf(options), std });

/** Normal with standard deviation √(1 / fan-in): the variance of what comes in is kept. LeCun and others, 1998. */
export const fanInNormal: Initializer = (shape, options) =>
  normal(shape, { ...randomOf(options), std: Math.sqrt(1 / fans(shape).fanIn) });

/** Normal with standard deviation √(2 / (fan-in + fan-out)). Glorot and Bengio, 2010. */
export const xavierNormal: Initializer = (shape, options) => {
  const { fanIn, fanOut } = fans(shape);
  return normal(shape, { ...randomOf(options), std: Math.sqrt(2 / (fanIn + fanOut)) });
};

/** Uniform within ±√(6 / (fan-in + fan-out)). Glorot and Bengio, 2010. */
export const xavierUniform: Initializer = (shape, options) => {
  const { fanIn, fanOut } = fans(shape);
  const bound = Math.sqrt(6 / (fanIn + fanOut));
  return uniform(shape, { ...randomOf(options), low: -bound, high: bound });
};

/** Uniform within ±1/√size: PyTorch's for recurrent layers (size H) and linear ones (size fan-in), biases included. */
export const uniformInit =
  (size: number): Initializer =>
  (shape, options) =>
    uniform(shape, { ...randomOf(options), low: -1 / Math.sqrt(size), high: 1 / Math.sqrt(size) });

/**
 * Rows (or columns, if there are fewer of them) that are orthonormal, times `gain`: products keep the length of what they turn.
 * Saxe, McClelland and Ganguli, 2014. By Gram and Schmidt, twice, which is as exact as a QR decomposition.
 */
export const orthogonal =
  (gain = 1): Initializer =>
  (shape, { random, dtype = 'float32' }) => {
    if (shape.length !== 2)
      throw new ShapeError(`orthogonal: shape ${showShape(shape)} came, a matrix was expected`);
    const [rows, cols] = shape as [number, number];
    const count = Math.min(rows, cols);
    const length = Math.max(rows, cols);
    const basis: Float64Array[] = [];
    while (basis.length < count) {
      const vector = Float64Array.from({ length }, () => random.normal());
      for (let pass = 0; pass < 2; pass++) {
        for (const other of basis) {
          const overlap = vector.reduce((sum, value, i) => sum + value * other[i]!, 0);
          other.forEach((value, i) => {
            vector[i]! -= overlap * value;
          });
        }
      }
      const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
      if (norm > 1e-8) basis.push(vector.map((value) => value / norm));
    }
    const values = new Float64Array(sizeOf(shape));
    basis.forEach((vector, b) => {
      vector.forEach((value, i) => {
        values[rows <= cols ? b * cols + i : i * cols + b] = gain * value;
      });
    });
    return tensor(values, { shape, dtype });
  };

function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) {
    throw new ShapeError(
      `initialization by fans: shape ${showShape(shape)} came, a matrix [out, in] was expected`,
    );
  }
  return { fanIn: shape.at(-1)!, fanOut: shape[0]! };
}
