/** Mistakes in losses for regression, and in what is wrapped around cells. */
const src = 'packages/nn/src';
const test = 'packages/nn/test';

export const cells = [
  {
    name: 'huber-of-clipped-differences',
    mistake: 'The Huber loss squares clipped differences: outliers get no gradient.',
    file: `${src}/loss/huber.ts`,
    text: 'd.sub(limited.div(2))',
    replacement: 'limited.div(2)',
    test: `${test}/loss/regression.test.ts`,
  },
  {
    name: 'gaussian-nll-stuck-at-eps',
    mistake: 'A variance below ε gets no gradient and stays there.',
    file: `${src}/loss/gaussian-nll.ts`,
    text: 'x.sub(x.detach()).add(low)',
    replacement: 'low',
    test: `${test}/loss/regression.test.ts`,
  },
  {
    name: 'gaussian-nll-hides-negative',
    mistake: 'A negative variance counts as ε, without a sign that the model predicts nonsense.',
    file: `${src}/loss/gaussian-nll.ts`,
    text: '.mul(v.greaterEqual(0))',
    replacement: '',
    test: `${test}/loss/regression.test.ts`,
  },
  {
    name: 'gaussian-nll-mask-after',
    mistake: 'The mask is applied to the losses alone: NaN under it reaches the gradients.',
    file: `${src}/loss/gaussian-nll.ts`,
    text: 'counts === undefined ? x : where(counts, x, other)',
    replacement: 'x',
    test: `${test}/loss/masked-loss.test.ts`,
  },
  {
    name: 'quantile-upside-down',
    mistake: 'The quantile loss of q learns the quantile 1 − q.',
    file: `${src}/loss/quantile.ts`,
    text: 'target.unsqueeze(-1)).sub(output)',
    replacement: 'target.unsqueeze(-1)).sub(output).neg()',
    test: `${test}/loss/regression.test.ts`,
  },
  {
    name: 'quantile-kink-pushes',
    mistake: 'The quantile loss has a gradient where the target is met.',
    file: `${src}/loss/quantile.ts`,
    text: 'd.relu().mul(q).add(d.neg().relu().mul(rest))',
    replacement: 'd.mul(q).maximum(d.neg().mul(rest))',
    test: `${test}/loss/regression.test.ts`,
  },
];
