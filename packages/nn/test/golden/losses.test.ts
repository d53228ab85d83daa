import { grad } from '@chronograd/autograd';
import { type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  binaryCrossEntropy,
  clipByGlobalNorm,
  clipByValue,
  crossEntropy,
  gaussianNLL,
  huber,
  mse,
  quantileLoss,
} from '../../src/index.ts';
import { Generator } from './generator.ts';
import { type Fixture, golden, type LossCase, limitOfTorch, report } from './torch.ts';
import { Golden } from './values.ts';

/** The loss, and the gradients of what it is differentiated by. */
function lossAndGradients({ seed, ...each }: Fixture['losses'][number]): Tensor[] {
  const draw = new Generator(seed);
  const [inputs, lossOf] =
    each.kind === 'crossEntropy' ? crossEntropyOf(draw, each) : elementwise(draw, each);
  const loss = lossOf(inputs);
  const cotangent = draw.aroundZero(1, ...loss.shape);
  const scalar = (at: readonly Tensor[]): Tensor =>
    each.reduction === 'none' ? lossOf(at).mul(cotangent).sum() : lossOf(at);
  return [loss, ...(grad(scalar)(inputs) as readonly Tensor[])];
}

type LossOf = readonly [inputs: readonly Tensor[], loss: (inputs: readonly Tensor[]) => Tensor];

function crossEntropyOf(draw: Generator, each: LossCase): LossOf {
  const { reduction, ignored = [], labelSmoothing } = each;
  const x = draw.aroundZero(4, 6, 5);
  const inputs = each.soft ? [x, draw.aroundZero(2, 6, 5)] : [x];
  const classes = (): number[] =>
    draw.targets(5, 6).map((target, i) => (ignored.includes(i) ? -100 : target));
  const targets = each.soft ? null : tensor(classes(), { dtype: 'int32' });
  const options = {
    reduction,
    ...(each.weight ? { weight: draw.uniforms(5).mul(2) } : {}),
    ...(labelSmoothing === undefined ? {} : { labelSmoothing }),
  };
  return [inputs, ([at, soft]) => crossEntropy(at!, targets ?? soft!.softmax(), options)];
}

function elementwise(draw: Generator, each: LossCase): LossOf {
  const { kind, reduction, posWeight, quantiles } = each;
  const x = draw.aroundZero(4, 4, 3);
  if (kind === 'gaussianNLL') return gaussianOf(draw, x, each);
  if (kind === 'huber') {
    const target = draw.aroundZero(4, 4, 3);
    return [
      [x],
      ([at]) =>
        huber(at!, target, each.delta === undefined ? { reduction } : { reduction, delta: each.delta }),
    ];
  }
  if (quantiles !== undefined) {
    const target = typeof quantiles === 'number' ? draw.aroundZero(4, 4, 3) : draw.aroundZero(4, 4);
    return [[x], ([at]) => quantileLoss(at!, target, quantiles, { reduction })];
  }
  if (kind === 'mse') {
    const target = draw.aroundZero(4, 4, 3);
    return [[x], ([at]) => mse(at!, target, { reduction })];
  }
  const target = draw.uniforms(4, 3);
  const weight = posWeight === undefined ? {} : { posWeight: draw.uniforms(...posWeight).mul(3) };
  return [[x], ([at]) => binaryCrossEntropy(at!, target, { reduction, ...weight })];
}

function gaussianOf(draw: Generator, x: Tensor, { reduction, spread, columns, full, eps }: LossCase): LossOf {
  const target = draw.aroundZero(4, 4, 3);
  const drawn = draw.aroundZero(2, 4, columns!);
  const more = { reduction, ...(full === undefined ? {} : { full }), ...(eps === undefined ? {} : { eps }) };
  return [
    [x, drawn],
    ([mean, s]) =>
      gaussianNLL(
        mean!,
        target,
        spread === 'variance' ? { ...more, variance: s!.square() } : { ...more, logVariance: s! },
      ),
  ];
}

test.each(['crossEntropy', 'mse', 'binaryCrossEntropy', 'huber', 'gaussianNLL', 'quantileLoss'])(
  '%s agrees with PyTorch, quantileLoss with NumPy, in every reduction and with every option, and so do its gradients, to 1e-12',
  (kind) => {
    const cases = golden.losses.filter((each) => each.kind === kind);
    let worst = 0;
    for (const each of cases) {
      const { values, ...what } = each;
      const expected = new Golden(values);
      for (const result of lossAndGradients(each)) expected.compareWhole(result.toTypedArray());
      expected.end();
      expect(expected.worst, JSON.stringify(what)).toBeLessThanOrEqual(1e-12);
      worst = Math.max(worst, expected.worst);
    }
    report(kind, cases.length, worst);
  },
);

test('Clipping by norms of any power and by value agrees with PyTorch, but for the 1e-6 that PyTorch adds to the norm', () => {
  let worst = 0;
  for (const { kind, limit, seed, norm, normType = 2, values } of golden.clips) {
    const draw = new Generator(seed);
    const gradients = [draw.aroundZero(3, 4, 3), draw.aroundZero(3, 5), draw.aroundZero(3)];
    const byNorm = clipByGlobalNorm(gradients, limitOfTorch(limit, norm ?? 1), {
      normType: normType ?? Infinity,
    });
    const expected = new Golden(values);
    for (const clipped of kind === 'norm' ? byNorm.grads : clipByValue(gradients, limit))
      expected.compareWhole(clipped.toTypedArray());
    expected.end();
    const error = norm === null ? 0 : Math.abs(byNorm.norm - norm) / norm;
    expect(Math.max(error, expected.worst), `${kind} ${normType} ${limit}`).toBeLessThanOrEqual(1e-12);
    worst = Math.max(worst, error, expected.worst);
  }
  report('clipping', golden.clips.length, worst);
});
