import { grad } from '@chronograd/autograd';
import { type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { binaryCrossEntropy, clipByGlobalNorm, clipByValue, crossEntropy, mse } from '../../src/index.ts';
import { Generator } from './generator.ts';
import { type Fixture, golden, limitOfTorch, report } from './torch.ts';
import { Golden } from './values.ts';

function lossAndGradient({
  kind,
  reduction,
  ignored = [],
  seed,
}: Fixture['losses'][number]): [Tensor, Tensor] {
  const draw = new Generator(seed);
  let loss: (x: Tensor) => Tensor;
  let x: Tensor;
  if (kind === 'crossEntropy') {
    x = draw.aroundZero(4, 6, 5);
    const targets = draw.targets(5, 6).map((target, i) => (ignored.includes(i) ? -100 : target));
    loss = (logits) => crossEntropy(logits, tensor(targets, { dtype: 'int32' }), { reduction });
  } else {
    x = draw.aroundZero(4, 4, 3);
    const targets = kind === 'mse' ? draw.aroundZero(4, 4, 3) : draw.uniforms(4, 3);
    const lossOf = kind === 'mse' ? mse : binaryCrossEntropy;
    loss = (outputs) => lossOf(outputs, targets, { reduction });
  }
  return [loss(x), grad(loss)(x) as Tensor];
}

test('Cross-entropy, squared error and binary cross-entropy agree with PyTorch, and so do their gradients', () => {
  let worst = 0;
  for (const each of golden.losses) {
    const expected = new Golden(each.values);
    for (const result of lossAndGradient(each)) expected.compareWhole(result.toTypedArray());
    expected.end();
    expect(expected.worst, `${each.kind} ${each.reduction}`).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, expected.worst);
  }
  report('losses', golden.losses.length, worst);
});

test('Clipping by norm and by value agrees with PyTorch, but for the 1e-6 that PyTorch adds to the norm', () => {
  let worst = 0;
  for (const { kind, limit, seed, norm, values } of golden.clips) {
    const draw = new Generator(seed);
    const gradients = [draw.aroundZero(3, 4, 3), draw.aroundZero(3, 5), draw.aroundZero(3)];
    const byNorm = clipByGlobalNorm(gradients, limitOfTorch(limit, norm ?? 1));
    const expected = new Golden(values);
    for (const clipped of kind === 'norm' ? byNorm.grads : clipByValue(gradients, limit))
      expected.compareWhole(clipped.toTypedArray());
    expected.end();
    const error = norm === null ? 0 : Math.abs(byNorm.norm - norm) / norm;
    expect(Math.max(error, expected.worst), `${kind} ${limit}`).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, error, expected.worst);
  }
  report('clipping', golden.clips.length, worst);
});
