/** Mistakes in attention and in connectionist temporal classification. */
const src = 'packages/nn/src';
const test = 'packages/nn/test';

export const sequences = [
  {
    name: 'ctc-skips-equal-labels',
    mistake: 'An alignment may skip the blank between two equal labels.',
    file: `${src}/loss/ctc-lattice.ts`,
    text: 'const skipped = where(skips, moved(alpha, 2), NEVER);',
    replacement: 'const skipped = moved(alpha, 2);',
    test: `${test}/loss/ctc.test.ts`,
  },
  {
    name: 'ctc-skips-by-the-wrong-end',
    mistake: 'The backward pass asks the state that is left, and not the one reached, for a skip.',
    file: `${src}/loss/ctc-lattice.ts`,
    text: 'const skipped = moved(where(skips, after, NEVER), -2);',
    replacement: 'const skipped = where(skips, moved(after, -2), NEVER);',
    test: `${test}/loss/ctc.test.ts`,
  },
  {
    name: 'ctc-emits-twice',
    mistake: 'The occupancy of a state has its emission in both directions.',
    file: `${src}/loss/ctc.ts`,
    text: 'alpha.map((each, t) => each.add(beta[t]!))',
    replacement: 'alpha.map((each, t) => each.add(beta[t]!).add(emissions[t]!))',
    test: `${test}/loss/ctc.test.ts`,
  },
  {
    name: 'ctc-ends-a-step-late',
    mistake: 'The backward pass of a shorter sequence starts one step after its last one.',
    file: `${src}/loss/ctc-lattice.ts`,
    text: 'steps === null ? beta : where(steps.greater(t), beta, last)',
    replacement: 'steps === null ? beta : where(steps.greaterEqual(t), beta, last)',
    test: `${test}/loss/ctc.test.ts`,
  },
  {
    name: 'attention-of-padding',
    mistake: 'Padded steps of the memory are scored, and get weights.',
    file: `${src}/modules/decoder-attention.ts`,
    text: 'mask: mask?.unsqueeze(1) ?? null',
    replacement: 'mask: null',
    test: `${test}/modules/attention.test.ts`,
  },
  {
    name: 'attention-of-the-next-key',
    mistake: 'A causal query uses the key after its own.',
    file: `${src}/modules/attention.ts`,
    text: 'row.greaterEqual(arange(columns',
    replacement: 'row.add(1).greaterEqual(arange(columns',
    test: `${test}/modules/attention.test.ts`,
  },
];
