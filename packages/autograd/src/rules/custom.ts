/** The rule of functions that bring their own backward. */
import { ShapeError, showShape } from '@chronograd/tensor';
import type { Rules } from './types.ts';

export const customRules: Rules<'custom'> = {
  custom: (g, y, inputs, { name, backward }) => {
    const cotangents = backward(g, y, ...inputs);
    if (!Array.isArray(cotangents) || cotangents.length !== inputs.length) {
      throw new ShapeError(
        `${name}: its backward gave ${Array.isArray(cotangents) ? `${cotangents.length} cotangents` : String(cotangents)}, one for each of its ${inputs.length} inputs was expected; null where there is none`,
      );
    }
    cotangents.forEach((cotangent, i) => {
      if (cotangent !== null && showShape(cotangent.shape) !== showShape(inputs[i]!.shape)) {
        throw new ShapeError(
          `${name}: its backward gave ${showShape(cotangent.shape)} for input ${i}, whose shape ${showShape(inputs[i]!.shape)} was expected`,
        );
      }
    });
    return cotangents;
  },
};
