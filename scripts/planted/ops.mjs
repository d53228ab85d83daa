/** Mistakes in composed ops. */
const [ops, rules] = ['packages/tensor/src/ops', 'packages/autograd/test/rules'];
const laws = `${rules}/composed.property.test.ts`;

export const composedOps = [
  {
    name: 'ops-prod-drops-the-odd-one',
    mistake: 'A product of an odd number of elements leaves the last one out.',
    file: `${ops}/along.ts`,
    text: 'n % 2 === 0 ? pairs',
    replacement: 'n !== 3 ? pairs',
    test: laws,
  },
  {
    name: 'ops-cumsum-one-pass-short',
    mistake: 'A running sum stops one pass before the last.',
    file: `${ops}/along.ts`,
    text: 'width < n; width *= 2',
    replacement: 'width < n / 2; width *= 2',
    test: laws,
  },
  {
    name: 'ops-std-not-shifted',
    mistake: 'std of a constant that rounds is not 0, and its gradient is noise.',
    file: `${ops}/moments.ts`,
    text: 'x.sub(alias(x).max(axes, true))',
    replacement: 'x',
    test: `${rules}/special-composed.test.ts`,
  },
  {
    name: 'ops-round-half-up',
    mistake: 'round takes the larger of two equally near numbers.',
    file: `${ops}/whole.ts`,
    text: 'const nearest = round(x);',
    replacement: 'const nearest = round(x.add(0.25));',
    test: `${rules}/special-composed.test.ts`,
  },
  {
    name: 'ops-argmin-overflows',
    mistake: 'argmin of int32 negates, and the least int32 stays the least.',
    file: `${ops}/along.ts`,
    text: 'x.neg().sub(1)',
    replacement: 'x.neg()',
    test: `${rules}/special-composed.test.ts`,
  },
  {
    name: 'ops-take-strides-swapped',
    mistake: 'takeAlong uses the first axis’s stride for every index.',
    file: `${ops}/take.ts`,
    text: 'mul(indices, strides[axis]!)',
    replacement: 'mul(indices, strides[0]!)',
    test: laws,
  },
  {
    name: 'ops-einsum-columns-first',
    mistake: 'The result of einsum is read as if columns were before rows.',
    file: `${ops}/einsum.ts`,
    text: 'const letters = batch + rows + columns;',
    replacement:
      'const letters = rows.length === columns.length ? batch + columns + rows : batch + rows + columns;',
    test: laws,
  },
  {
    name: 'ops-lerp-reversed',
    mistake: 'lerp goes from b to a.',
    file: `${ops}/gates.ts`,
    text: 'add(a, mul(sub(b, a), w))',
    replacement: 'sub(b, mul(sub(b, a), w))',
    test: laws,
  },
];
