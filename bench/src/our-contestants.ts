/** Chronograd as contestants. */
import { fileURLToPath } from 'node:url';
import type { TrainCase } from './cases.ts';
import { type Contestant, OUR_CELL, single } from './contestant-types.ts';
import type { NodeBinary } from './nodes.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Users' cells, and runs without a plan: compared at H 128 and B 1 or 32. */
const COMPARED = [
  'RNNCell, lookup, without plan',
  'plain cell, lookup',
  'plain cell, lookup, without plan',
  'fused cell, lookup',
  'fused cell, lookup, without plan',
];

/** @param more whether to include the variants that compare ways to write and run a cell */
function trained({ cell, H, B, E }: TrainCase, more: boolean): readonly string[] {
  if (E > 0) return [`${OUR_CELL[cell]}, embedding`];
  const main = `${OUR_CELL[cell]}, lookup`;
  if (!more) return [main];
  if (cell !== 'rnn') return [main, `${main}, without plan`];
  return [main, 'RNNCell, one-hot', ...(H === 128 && (B === 1 || B === 32) ? COMPARED : [])];
}

/**
 * All kernels on each Node; single ops only on the newest. Without `quick`, the newest Node's last
 * kernels also run the comparing variants.
 */
export function ours(nodes: readonly NodeBinary[], quick: boolean): Contestant[] {
  const newest = nodes.findLast((node) => node.absent === undefined);
  return nodes.flatMap((node) => {
    const builds =
      Number(node.major) < 24 ? (['strict', 'fast'] as const) : (['strict', 'fast', 'wide'] as const);
    return builds.map((kernels): Contestant => {
      const more = kernels === builds.at(-1) && node === newest && !quick;
      return {
        id: `chronograd-node${node.major}-${kernels}`,
        peer: 'chronograd',
        name: `Chronograd, Node ${node.major}, ${kernels}`,
        dtype: 'float32',
        command: [node.path, here('ours/main.js'), '--kernels', kernels],
        env: {},
        fresh: true,
        startup: kernels === 'wide' ? null : [node.path, here('ours/startup.js'), kernels],
        variants: (spec) => {
          if (spec.kind === 'train') return trained(spec, more);
          return node === newest || spec.kind === 'sample' ? single(spec) : [];
        },
        ...(node.absent === undefined ? {} : { absent: node.absent }),
      };
    });
  });
}

/**
 * The reference: our float64 on the strict kernels. NumPy's float64 must agree with it to nine
 * digits.
 */
export function referee(): Contestant {
  return {
    id: 'referee',
    peer: 'chronograd',
    name: 'Chronograd, float64, strict',
    dtype: 'float64',
    command: [process.execPath, here('ours/main.js'), '--kernels', 'strict', '--dtype', 'float64'],
    env: {},
    fresh: false,
    startup: null,
    variants: (spec) => (spec.kind === 'train' ? [OUR_CELL[spec.cell]] : single(spec)),
  };
}
