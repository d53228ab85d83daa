/** Handles that stop gradients or pass them on, and functions with a custom backward. */
import { Tensor, ValueError } from '@chronograd/tensor';
import {
  alias,
  describeValue,
  type Primitives,
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

/** Another handle on the same tensor. Open tapes record an alias, so that gradients reach `x`. */
export function newHandle(x: Tensor): Tensor {
  const y = alias(x);
  if (runtime.recording) record('alias', [x], null, y);
  return y;
}

/**
 * A function with a backward of your own, as PyTorch's `autograd.Function`.
 * @param forward computes the output. Nothing inside is recorded.
 * @param backward from the output's cotangent `g`, the output and the inputs, a cotangent of the
 * shape of each input, or null for none. Tensor ops in it can be differentiated again. Tensors from
 * elsewhere are constants then.
 * @param name for messages. Default: `customGradient`.
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
      throw new ValueError(`${name}: expected a tensor from its forward, got ${describeValue(result)}`);
    // Another handle, since the forward may have returned an input.
    const output = alias(result);
    if (runtime.recording) {
      const general = backward as unknown as Primitives['custom']['params']['backward'];
      record('custom', inputs, { name, backward: general }, output);
    }
    return output;
  };
}
