/** The rules of functions with their own backward. */
import { DtypeError, ShapeError, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, sameShape, showShape } from '@chronograd/tensor/engine';
import type { Rules } from './types.ts';

export const customRules: Rules<'custom' | 'checkpoint'> = {
  checkpoint: (g, _outputs, _inputs, { backward }) => backward(g),

  custom: (g, y, inputs, { name, backward }) => {
    const cotangents = backward(g, y, ...inputs);
    if (!Array.isArray(cotangents) || cotangents.length !== inputs.length) {
      throw new ShapeError(
        `${name}: expected ${inputs.length} cotangents from its backward, one for each input or null, got ${Array.isArray(cotangents) ? cotangents.length : describeValue(cotangents)}`,
      );
    }
    cotangents.forEach((cotangent: unknown, i) => {
      if (cotangent !== null) checkCotangent(`${name}: expected`, cotangent, inputs[i]!, i);
    });
    return cotangents;
  },
};

function checkCotangent(expected: string, x: unknown, { shape, dtype }: Tensor, i: number): void {
  const from = `from its backward for input ${i}`;
  if (!(x instanceof Tensor))
    throw new ValueError(`${expected} a tensor or null ${from}, got ${describeValue(x)}`);
  if (!sameShape(x.shape, shape))
    throw new ShapeError(`${expected} shape ${showShape(shape)} ${from}, got ${showShape(x.shape)}`);
  if (x.dtype !== dtype)
    throw new DtypeError(`${expected} ${dtype} ${from}, got ${x.dtype}; cast it: g.cast('${dtype}')`);
}
