import { vjp } from '@chronograd/autograd';
import { Random, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { CausalConv1d, Embedding, LayerNorm } from '../../src/index.ts';
import { Generator } from './generator.ts';
import { golden, report } from './torch.ts';
import { Golden } from './values.ts';

test('LayerNorm over one, two and three axes agrees with PyTorch, and so do its gradients, to 1e-12', () => {
  let worst = 0;
  for (const { shape, seed, values } of golden.norms) {
    const draw = new Generator(seed);
    const x = draw.aroundZero(2, 2, 3, 4);
    const norm = new LayerNorm(shape, { dtype: 'float64' });
    for (const parameter of norm.parameters()) parameter.assign(draw.aroundZero(1, ...shape));
    const { weight, bias } = norm;
    const { value, grads } = vjp(
      (at: { norm: LayerNorm; x: typeof x }) => at.norm.forward(at.x),
      { norm, x },
      draw.aroundZero(1, 2, 3, 4),
    );
    const expected = new Golden(values);
    for (const each of [value, grads.x, grads.norm.weight, grads.norm.bias])
      expected.compareWhole(each!.toTypedArray());
    expected.end();
    expect([weight?.shape, bias?.shape]).toEqual([shape, shape]);
    expect(expected.worst, `[${shape}]`).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, expected.worst);
  }
  report('LayerNorm', golden.norms.length, worst);
});

test('Embedding with and without a padding index agrees with PyTorch, and so does its gradient, to 1e-12', () => {
  let worst = 0;
  for (const { paddingIndex, seed, values } of golden.embeddings) {
    const draw = new Generator(seed);
    const padding = paddingIndex === null ? {} : { paddingIndex };
    const embedding = new Embedding(5, 3, { dtype: 'float64', random: new Random(1), ...padding });
    const expected = new Golden(values);
    if (paddingIndex !== null) expected.compareWhole(embedding.weight.select(paddingIndex).toTypedArray());
    embedding.weight.assign(draw.aroundZero(1, 5, 3));
    const ids = tensor(draw.targets(5, 7), { dtype: 'int32' });
    const { value, grads } = vjp((at: Embedding) => at.forward(ids), embedding, draw.aroundZero(1, 7, 3));
    for (const each of [value, grads.weight]) expected.compareWhole(each.toTypedArray());
    expected.end();
    expect(expected.worst, `padding ${paddingIndex}`).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, expected.worst);
  }
  report('Embedding', golden.embeddings.length, worst);
});

test('CausalConv1d agrees with Conv1d of PyTorch on inputs padded on the left, and so do its gradients, to 1e-12', () => {
  let worst = 0;
  for (const { kernelSize, seed, values, ...options } of golden.convolutions) {
    const draw = new Generator(seed);
    const x = draw.aroundZero(2, 5, 2, 3);
    const conv = new CausalConv1d(3, 4, kernelSize, { dtype: 'float64', random: new Random(1), ...options });
    conv.weight.assign(draw.aroundZero(1, 4, 3, kernelSize));
    conv.bias?.assign(draw.aroundZero(1, 4));
    const { value, grads } = vjp(
      (at: { conv: CausalConv1d; x: typeof x }) => at.conv.forward(at.x),
      { conv, x },
      draw.aroundZero(1, 5, 2, 4),
    );
    const expected = new Golden(values);
    for (const each of [value, grads.x, grads.conv.weight, grads.conv.bias])
      if (each) expected.compareWhole(each.toTypedArray());
    expected.end();
    expect(expected.worst, `kernel ${kernelSize}, dilation ${options.dilation}`).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, expected.worst);
  }
  report('CausalConv1d', golden.convolutions.length, worst);
});
