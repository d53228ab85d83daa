/**
 * Initializers. Matrices are [out, in] as in PyTorch: fan-in is the last size, fan-out the first.
 */
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
import { checkShape, describeValue, inNameOf, showShape, sizeOf } from '@chronograd/tensor/engine';
import { requireObject, requireRandom } from './internal/options.ts';
import { requireFinite, requireFromZero } from './internal/require.ts';

/**
 * Makes the first values of a parameter. It gets the options of the layer and uses `random` and
 * `dtype`.
 */
export type Initializer = (shape: Shape, options: RandomOptions) => Tensor;

/** The options of a layer that an initializer uses. */
export function randomOf(options: RandomOptions): RandomOptions {
  const { random, dtype } = options ?? {};
  return dtype === undefined ? { random } : { random, dtype };
}

/** An initializer with its name in errors. */
function named(op: string, make: Initializer): Initializer {
  return (shape, options) => {
    if (!Array.isArray(shape))
      throw new ShapeError(`${op}: expected a shape such as [3, 2], got ${describeValue(shape)}`);
    requireObject(op, options, '{ random: new Random(seed) }', 'the options');
    return inNameOf(op, () => make(shape, randomOf(options)));
  };
}

/** Zeros. */
export const zerosInit: Initializer = named('zerosInit', (shape, { dtype = 'float32' }) =>
  zeros(shape, { dtype }),
);

/** Normal with the given standard deviation. min-char-rnn uses 0.01. */
export function normalInit(std: number): Initializer {
  requireFromZero('normalInit', 'std', std);
  return named('normalInit', (shape, options) => normal(shape, { ...options, std }));
}

/**
 * Normal with standard deviation √(1 / fan-in), which preserves variance. LeCun and others, 1998.
 */
export const fanInNormal: Initializer = named('fanInNormal', (shape, options) =>
  normal(shape, { ...options, std: Math.sqrt(1 / fans(shape).fanIn) }),
);

/** Normal with standard deviation √(2 / (fan-in + fan-out)). Glorot and Bengio, 2010. */
export const xavierNormal: Initializer = named('xavierNormal', (shape, options) => {
  const { fanIn, fanOut } = fans(shape);
  return normal(shape, { ...options, std: Math.sqrt(2 / (fanIn + fanOut)) });
});

/** Uniform within ±√(6 / (fan-in + fan-out)). Glorot and Bengio, 2010. */
export const xavierUniform: Initializer = named('xavierUniform', (shape, options) => {
  const { fanIn, fanOut } = fans(shape);
  const bound = Math.sqrt(6 / (fanIn + fanOut));
  return uniform(shape, { ...options, low: -bound, high: bound });
});

/**
 * Uniform within ±1/√size: PyTorch's initialization of recurrent layers (size H) and linear layers
 * (size fan-in), biases included. Zeros for size 0.
 * @throws ValueError unless the size is finite and not negative.
 */
export function uniformInit(size: number): Initializer {
  requireFromZero('uniformInit', 'size', size);
  if (size === 0) return zerosInit;
  const bound = 1 / Math.sqrt(size);
  return named('uniformInit', (shape, options) => uniform(shape, { ...options, low: -bound, high: bound }));
}

/**
 * Orthonormal rows, or columns if there are fewer, times `gain`. Products preserve vector lengths.
 * Saxe, McClelland and Ganguli, 2014. Two passes of Gram-Schmidt, as accurate as a QR
 * decomposition.
 */
export function orthogonal(gain = 1): Initializer {
  requireFinite('orthogonal', 'gain', gain);
  return named('orthogonal', (shape, { random, dtype = 'float32' }) => {
    requireRandom('orthogonal', { random }, { random: true });
    const [rows, cols] = requireMatrix('orthogonal', shape, 2) as [number, number];
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
  });
}

/** Fan-in and fan-out. Sizes of 0 count as 1, which gives a finite standard deviation. */
function fans(shape: Shape): { fanIn: number; fanOut: number } {
  const sizes = requireMatrix('fans', shape);
  return { fanIn: Math.max(1, sizes.at(-1)!), fanOut: sizes[0]! };
}

function requireMatrix(op: string, shape: Shape, most = Number.POSITIVE_INFINITY): Shape {
  checkShape(op, shape);
  if (shape.length >= 2 && shape.length <= most) return shape;
  throw new ShapeError(`${op}: expected the shape of a matrix [out, in], got ${showShape(shape)}`);
}
