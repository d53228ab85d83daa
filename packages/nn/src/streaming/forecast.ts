/** Forecasts: a stream that reads its own outputs. */
import { stack, Tensor, ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, requireFunction } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireCount } from '../internal/require.ts';
import type { LiveStream } from './types.ts';

/** Options of `forecast`. */
export interface ForecastOptions {
  /**
   * The input that an output stands for, [B, F] → [B, …]: its mean, or a character drawn from its
   * logits. Default: the output itself.
   */
  readonly next?: (output: Tensor) => Tensor;
}

const FORECAST: OptionKeys<ForecastOptions> = { next: true };

/**
 * The `n` outputs that follow what the stream has read, for a model that predicts its next input.
 * The first is the stream's last output. Each is fed back to get the next. Afterwards the stream is
 * as before, and can go on with measured values.
 * @returns shape [n, B, F].
 * @throws ValueError before the first push.
 * @throws ShapeError from `push` for outputs that are no inputs; give `next` then.
 * @example
 * for (const x of measurements) live.push(x);
 * const nextDay = forecast(live, 24);
 */
export function forecast<State>(live: LiveStream<State>, n: number, options: ForecastOptions = {}): Tensor {
  if (typeof live?.ahead !== 'function')
    throw new ValueError(
      `forecast: expected a stream, got ${describeValue(live)}; make it with stream(model)`,
    );
  requireCount('forecast', 'n', n);
  const { next = (output: Tensor) => output } = requireOptions('forecast', options, '{ next }', FORECAST);
  requireFunction('forecast', next, '{ next: (y) => y }');
  const { output } = live;
  if (output === null)
    throw new ValueError(
      'forecast: expected a stream that has read something, got one without an output; push the series first',
    );
  return live.ahead(() => {
    const outputs = [output];
    for (let i = 1; i < n; i++) outputs.push(live.push(inputOf(next, outputs[i - 1] as Tensor)));
    return stack(outputs);
  });
}

function inputOf(next: (output: Tensor) => Tensor, output: Tensor): Tensor {
  const x: unknown = next(output);
  if (x instanceof Tensor) return x;
  throw new ValueError(`forecast: expected a tensor from next, got ${describeValue(x)}; return the input`);
}
