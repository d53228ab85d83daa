/** The gates of all cells in a model. */
import type { Blocks } from '@chronograd/autograd';
import { requireModule } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { Cell } from './cell.ts';

/**
 * The gates of all cells in a module, under the full names of their parameters. `compareGradients`
 * and `gradcheck` use them to report "gate f, row 3, column 2".
 * @example compareGradients(byHand, grads, { blocks: blocksOf(model) });
 */
export function blocksOf(module: Module): Blocks {
  const all = requireModule('blocksOf', module)
    .namedModules()
    .flatMap(([path, part]) =>
      part instanceof Cell
        ? Object.entries(part.blocks()).map(
            ([name, gates]) => [path === '' ? name : `${path}.${name}`, gates] as const,
          )
        : [],
    );
  return Object.fromEntries(all);
}
