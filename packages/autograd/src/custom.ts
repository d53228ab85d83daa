/** Handles that stop gradients or pass them on, and functions with a backward of their own. */
import { Tensor, ValueError } from '@chronograd/tensor';
import {
  alias,
  describeValue,
  record,
  requireFunction,
  requireTensor,
  runtime,
  withoutRecording,
} from '@chronograd/tensor/engine';

/** The same values as a constant: no gradient passes. */
export function stopGradient(x: Tensor): Tensor {
  return alias(requireTensor('stopGradient', x));
}

/** Another handle on the same tensor. Open tapes record it as an alias, so that gradients reach `x`. */
export function newHandle(x: Tensor): Tensor {
  const y = alias(x);
  if (runtime.recording) record('alias', [x], null, y);
  return y;
}

/**
 * A function with a backward of its own, as PyTorch's `autograd.Function`.
 * @param forward computes the output; nothing inside is recorded.
 * @param backward from the output's cotangent `g`, the output and the inputs, one cotangent for each input, of exactly its shape; null where
 * there is none. Written in tensor ops it can be differentiated again; what it takes from elsewhere counts as constant then.
 * @param name stands in messages.
 * @example
 * const clippedIdentity = customGradient((x) => x, (g) => [g.clamp(-1, 1)]);
 */
export function customGradient<Inputs extends readonly Tensor[]>(
  forward: (...inputs: Inputs) => Tensor,
  backward: (g: Tensor, output: Tensor, ...inputs: Inputs) => readonly (Tensor | null)[],
  name = 'customGradient',
): (...inputs: Inputs) => Tensor {
  const example = 'customGradient((x) => …, (g) => […])';
  requireFunction('customGradient', forward, example);
  requireFunction('customGradient', backward, example);
  return (...inputs) => {
    for (const input of inputs) requireTensor(name, input);
    const result = withoutRecording(() => forward(...inputs));
    if (!(result instanceof Tensor))
      throw new ValueError(`${name}: its forward returned ${describeValue(result)}, a tensor was expected`);
    // A handle of its own: the forward may have returned an input.
    const output = alias(result);
    if (runtime.recording) {
      const general = backward as unknown as (
        g: Tensor,
        output: Tensor,
        ...inputs: Tensor[]
      ) => readonly (Tensor | null)[];
      record('custom', inputs, { name, backward: general }, output);
    }
    return output;
  };
}
