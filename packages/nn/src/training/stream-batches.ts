/** Streams of text as batches for `fit`. */
import { type Tensor, ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';
import { Streams } from '../data/corpus.ts';
import { requireOptions } from '../internal/options.ts';
import { requireBoolean } from '../internal/require.ts';
import type { BatchSource } from './batches.ts';
import type { Json } from './json.ts';

/** Options of `streamBatches`. */
export interface StreamBatchesOptions {
  /** Whether the carried state is reset where the streams restart. Default: true. */
  readonly resetAtEnd?: boolean;
}

/**
 * The windows of streams as batches `[inputs, targets]` for truncated BPTT. They never end.
 * @throws ValueError for anything but streams.
 * @example
 * fit({ batches: streamBatches(new Streams(indices, { batch: 8, steps: 25 })), steps: 1000, … });
 */
export function streamBatches(
  streams: Streams,
  options: StreamBatchesOptions = {},
): BatchSource<readonly [inputs: Tensor, targets: Tensor]> {
  const op = 'streamBatches';
  if (!(streams instanceof Streams))
    throw new ValueError(
      `${op}: expected Streams, got ${describeValue(streams)}; for example new Streams(indices, { batch: 8, steps: 25 })`,
    );
  const { resetAtEnd = true } = requireOptions(op, options, '{ resetAtEnd: false }', { resetAtEnd: true });
  requireBoolean(op, 'resetAtEnd', resetAtEnd);
  return {
    next: () => {
      const { inputs, targets, restarted } = streams.next();
      return { value: [inputs, targets], restarted: restarted && resetAtEnd };
    },
    get state(): Json {
      return streams.position;
    },
    restore: (position) => streams.seek(position as number),
  };
}
