/** Checks of the options of `fit` for shards and workers. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, requireFunction } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireCount, requireOneOf } from '../internal/require.ts';
import type { ShardOptions } from '../parallel/shards.ts';
import type { Workers } from '../parallel/workers.ts';
import type { FitOptions } from './options.ts';

type Given = Pick<FitOptions<readonly unknown[]>, 'shards' | 'workers' | 'around'>;

const OP = 'fit';
const SHARDS: OptionKeys<ShardOptions> = { count: true, axes: true, reduction: true, weight: true };

/** The options of shards; null for one shard, which is the batch itself. */
export function shardsOf({ shards = 1 }: Given): ShardOptions | null {
  const options = typeof shards === 'number' ? { count: shards } : shards;
  const { count, axes, reduction, weight } = requireOptions(OP, options, '{ count: 4 }, or 4,', SHARDS);
  requireCount(OP, 'shards', count);
  if (axes !== undefined && !Array.isArray(axes))
    throw new ValueError(
      `${OP}: expected an array with the axes of each argument for shards.axes, got ${describeValue(axes)}; for example [1, 1]`,
    );
  if (reduction !== undefined) requireOneOf('mean', 'sum')(OP, 'shards.reduction', reduction);
  if (weight !== undefined) requireFunction(OP, weight, '{ weight: (x, y) => … }');
  return count === 1 ? null : options;
}

/** @throws ValueError for anything but workers, and for more of them than shards. */
export function requireWorkers({ around }: Given, workers: Workers, shards: ShardOptions | null): void {
  const { count, start } = (workers ?? {}) as Partial<Workers>;
  if (typeof start !== 'function')
    throw new ValueError(
      `${OP}: expected the result of nodeWorkers(…) or webWorkers(…) for workers, got ${describeValue(workers)}`,
    );
  requireCount(OP, 'workers.count', count);
  const most = shards?.count ?? 1;
  if (workers.count > most)
    throw new ValueError(
      `${OP}: expected at least as many shards as workers, got ${most} for ${count}; for example shards: ${count}`,
    );
  if (around !== undefined && workers.count > 1)
    throw new ValueError(
      `${OP}: expected no workers with around, got ${count}; it runs an update from beginning to end in one thread`,
    );
}
