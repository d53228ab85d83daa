/** Made-up contestants and cases for the tests of the runner. */
import type { Case } from '../src/cases.ts';
import type { Contestant } from '../src/contestant-types.ts';

export const product: Case = { kind: 'matmul', id: 'matmul-10', title: 'A product', m: 10, k: 10, n: 10 };

/** A contestant without a process. */
export function contestant(id: string, peer: Contestant['peer']): Contestant {
  return {
    id,
    peer,
    name: `The ${id}`,
    dtype: 'float32',
    command: [],
    env: {},
    startup: null,
    variants: () => [''],
    fresh: false,
  };
}
