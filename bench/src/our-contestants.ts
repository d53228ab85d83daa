/** Ours as contestants. */
import { fileURLToPath } from 'node:url';
import { type Contestant, single } from './contestant-types.ts';
import type { NodeBinary } from './nodes.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Ours: strict and fast kernels on each Node. Unless `quick`, the newest Node also has the variants that compare ways to write a cell. */
export function ours(nodes: readonly NodeBinary[], quick: boolean): Contestant[] {
  return nodes.flatMap((node, i) =>
    (['strict', 'fast'] as const).map((kernels): Contestant => {
      const extra = i === nodes.length - 1 && !quick ? ['RNNCell, one-hot'] : [];
      const cells = [
        'RNNCell, lookup, without plan',
        'plain cell, lookup',
        'plain cell, lookup, without plan',
        'fused cell, lookup',
        'fused cell, lookup, without plan',
      ];
      return {
        id: `chronograd-node${node.major}-${kernels}`,
        peer: 'chronograd',
        name: `Chronograd, Node ${node.major}, ${kernels}`,
        dtype: 'float32',
        command: [node.path, here('ours/main.js'), '--kernels', kernels],
        env: {},
        fresh: true,
        startup: [node.path, here('ours/startup.js'), kernels],
        variants: (spec) => {
          if (spec.kind !== 'train') return single(spec);
          if (spec.E > 0) return ['RNNCell, embedding'];
          const compared = spec.H === 128 && (spec.B === 1 || spec.B === 32);
          return ['RNNCell, lookup', ...extra, ...(extra.length > 0 && compared ? cells : [])];
        },
        ...(node.absent === undefined ? {} : { absent: node.absent }),
      };
    }),
  );
}

/** What all are checked against: our own float64 on the strict kernels. NumPy's float64 must agree with it to nine digits. */
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
    variants: (spec) => (spec.kind === 'train' ? ['RNNCell'] : single(spec)),
  };
}
