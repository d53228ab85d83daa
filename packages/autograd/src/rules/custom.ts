/** The rules of functions with their own backward. */
import { DtypeError, ShapeError, Tensor, ValueError } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import type { Rules } from './types.ts';

export const customRules: Rules<'custom' | 'checkpoint'> = {
  checkpoint: (g, _outputs, _inputs, { backward }) => backward(g),

  custom: (g, y, inputs, { name, backward }) => {
    const cotangents = backward(g, y, ...inputs);
    if (!Array.isArray(cotangents) || cotangents.length !== inputs.length) {
      throw new ShapeError(
        `${name}: its backward gave ${Array.isArray(cotangents) ? `${cotangents.length} cotangents` : String(cotangents)}, one for each of its ${inputs.length} inputs was expected; null where there is none`,
      );
    }
    cotangents.forEach((cotangent: unknown, i) => {
      if (cotangent !== null) checkCotangent(name, cotangent, inputs[i]!, i);
    });
    return cotangents;
  },
};

function checkCotangent(name: string, cotangent: unknown, input: Tensor, i: number): void {
  if (!(cotangent instanceof Tensor)) {
    throw new ValueError(
      `${name}: its backward gave ${typeof cotangent} for input ${i}, a tensor was expected, or null where there is none`,
    );
  }
  if (showShape(cotangent.shape) !== showShape(input.shape)) {
    throw new ShapeError(
      `${name}: its backward gave ${showShape(cotangent.shape)} for input ${i}, whose shape ${showShape(input.shape)} was expected`,
    );
  }
  if (cotangent.dtype !== input.dtype) {
    throw new DtypeError(
      `${name}: its backward gave ${cotangent.dtype} for input ${i}, whose dtype ${input.dtype} was expected; cast it: g.cast('${input.dtype}')`,
    );
  }
}
