/** Streams: recurrent networks that read one time step at a time. See docs/streaming.md. */
import type { Tensor } from '@chronograd/tensor';
import { type OptionKeys, requireFunction } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireBoolean, requireCount } from '../internal/require.ts';
import { Live } from './live.ts';
import { requireForward } from './require-forward.ts';
import type { LiveStream, StreamOptions, Unrollable } from './types.ts';

const STREAM: OptionKeys<StreamOptions> = { batch: true, head: true, plan: true };

/**
 * Runs a recurrent network on one time step after another. The outputs are those of `forward` on
 * the whole sequence, bit for bit. Dropout is off, whatever the model's mode. A stream sees changes
 * of the weights.
 * @throws ValueError for a model that a stream cannot run: with a backward cell, whose outputs
 * depend on later inputs, or with a `CausalConv1d`, which reads earlier steps.
 * @example
 * const live = stream(model.recurrent, { head: (h) => model.decoder.forward(h) });
 * for (const x of measurements) console.log(live.push(x).toArray());
 */
export function stream<State>(model: Unrollable<State>, options: StreamOptions = {}): LiveStream<State> {
  requireForward(model);
  const expected = '{ batch, head, plan }';
  const { batch = 1, head = itself, plan = true } = requireOptions('stream', options, expected, STREAM);
  requireCount('stream', 'batch', batch);
  requireBoolean('stream', 'plan', plan);
  requireFunction('stream', head, '{ head: (h) => model.decoder.forward(h) }');
  return new Live(model, { batch, head, plan });
}

const itself = (output: Tensor): Tensor => output;
