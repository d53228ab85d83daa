/** Mistakes in gradients by example. */
const folder = 'packages/autograd/src/per-example';
const law = 'packages/autograd/test/per-example/per-example.property.test.ts';
const cells = 'packages/nn/test/per-example.test.ts';

export const perExample = [
  {
    name: 'per-example-part-of-a-batch',
    mistake: 'A part of an axis is taken to begin with the first example, wherever it begins.',
    file: `${folder}/carries.ts`,
    text: 'starts[axis]! % block === 0 &&',
    replacement: '',
    test: 'packages/autograd/test/per-example/carries.property.test.ts',
  },
  {
    name: 'per-example-columns-for-rows',
    mistake: 'The examples of a right factor are carried to the rows of a product.',
    file: `${folder}/carries.ts`,
    text: '(i === 0 ? -2 : -1)',
    replacement: '-2',
    test: 'packages/autograd/test/per-example/carries.property.test.ts',
  },
  {
    name: 'per-example-batch-first',
    mistake: 'Rows of a batch-first sequence are read as if the examples took turns.',
    file: `${folder}/outer-products.ts`,
    text: 'if (inner === 1) return x;',
    replacement: 'if (inner > 0) return x;',
    test: cells,
  },
  {
    name: 'per-example-norm-of-steps',
    mistake: 'The squared norm of a sum over time is taken as the sum of the squared norms of the steps.',
    file: `${folder}/outer-products.ts`,
    text: 'return ofLeft.mul(products(right)).sum([1, 2]).relu();',
    replacement:
      'return byExample(left, count).square().sum(2).mul(byExample(right, count).square().sum(2)).sum(1);',
    test: cells,
  },
  {
    name: 'per-example-transposed-in-order',
    mistake: 'The outer products of a transposed weight are passed on as they are.',
    file: `${folder}/walk.ts`,
    text: 'left: right, right: left',
    replacement: 'left, right',
    test: law,
  },
  {
    name: 'per-example-mixture-unseen',
    mistake: 'A custom backward may use a sum over the examples, if its result keeps them apart.',
    file: `${folder}/walk.ts`,
    text: 'sums.examples.mixed === mixed',
    replacement: 'sums.examples.mixed >= mixed',
    test: 'packages/autograd/test/per-example/per-example.test.ts',
  },
  {
    name: 'per-example-owners-ignored',
    mistake: 'Cotangents are added although their elements belong to examples by other axes.',
    file: `${folder}/example-sums.ts`,
    text: 'examples.strideOf(sum.dense) !== examples.strideOf(g)',
    replacement: 'examples.strideOf(sum.dense) === undefined',
    test: law,
  },
  {
    name: 'per-example-clipped-sum',
    mistake: 'The clipped gradients are added up, and not averaged.',
    file: `${folder}/per-example.ts`,
    text: ', 1).div(norms.size)',
    replacement: ', 1)',
    test: law,
  },
  {
    name: 'per-example-clipped-by-parameter',
    mistake: 'Gradients are clipped by the norm of the first parameter alone.',
    file: `${folder}/per-example.ts`,
    text: 'return [...sums.values()]',
    replacement: 'return [...sums.values()].slice(0, 1)',
    test: law,
  },
];
