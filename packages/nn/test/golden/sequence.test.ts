import { grad, leavesOf } from '@chronograd/autograd';
import { arange, Random, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  AdditiveAttention,
  ctcLoss,
  DotProductAttention,
  dotProductAttention,
  type Reduction,
} from '../../src/index.ts';
import { Generator } from './generator.ts';
import { report } from './torch.ts';
import { fixture, Golden } from './values.ts';

interface Stored {
  readonly seed: number;
  readonly values: string;
}
interface AttentionCase extends Stored {
  readonly K: number;
  readonly D: number;
  readonly M: number;
  readonly lengths: number[] | null;
}
/** sequence.json: see scripts/golden_sequence.py. */
const golden = fixture<{
  ctc: (Stored & {
    readonly T: number;
    readonly B: number;
    readonly V: number;
    readonly L: number;
    readonly blank: number;
    readonly reduction: Reduction;
    readonly lengths: [number[], number[]] | null;
  })[];
  attention: (AttentionCase & {
    readonly Q: number;
    readonly causal: boolean;
    readonly scale: number | null;
  })[];
  decoders: (AttentionCase & { readonly kind: 'additive' | 'dot'; readonly A: number })[];
}>('sequence');

/** Compares tensors with each case's numbers. @returns the worst relative error */
function worstOf<C extends Stored>(cases: readonly C[], run: (draw: Generator, each: C) => Tensor[]): number {
  return cases.reduce((worst, each) => {
    const wanted = new Golden(each.values);
    for (const x of run(new Generator(each.seed), each)) wanted.compareChecks(x);
    wanted.end();
    return Math.max(worst, wanted.worst);
  }, 0);
}

/** The output, and the gradients of the inputs for a cotangent that is drawn last. */
function withGradients(
  draw: Generator,
  inputs: readonly Tensor[],
  run: (inputs: readonly Tensor[]) => Tensor,
): Tensor[] {
  const output = run(inputs);
  const cotangent = draw.aroundZero(1, ...output.shape);
  const gradients = grad((at: readonly Tensor[]) => run(at).mul(cotangent).sum())(inputs);
  return [output, ...(gradients as readonly Tensor[])];
}

test('CTC losses and gradients are those of PyTorch', () => {
  const worst = worstOf(golden.ctc, (draw, { T, B, V, L, blank, reduction, lengths }) => {
    const logits = draw.aroundZero(4, T, B, V);
    const labels = draw.targets(V - 1, B * L).map((label) => label + (label >= blank ? 1 : 0));
    const targets = tensor(labels, { dtype: 'int32', shape: [B, L] });
    const [inputLengths, targetLengths] = lengths ?? [new Array(B).fill(T), new Array(B).fill(L)];
    const options = { blank, reduction, inputLengths, targetLengths };
    const lossOf = (x: Tensor): Tensor => ctcLoss(x, targets, options);
    if (reduction === 'none') return withGradients(draw, [logits], ([x]) => lossOf(x!));
    return [lossOf(logits), grad(lossOf)(logits)];
  });
  report('CTC', golden.ctc.length, worst);
  expect(golden.ctc.length).toBeGreaterThanOrEqual(100);
  expect(worst).toBeLessThanOrEqual(1e-12);
});

test('Dot-product attention and its gradients are those of PyTorch', () => {
  const worst = worstOf(golden.attention, (draw, { Q, K, D, M, causal, lengths, scale }) => {
    const inputs = [draw.aroundZero(2, 2, Q, D), draw.aroundZero(2, 2, K, D), draw.aroundZero(2, 2, K, M)];
    const mask =
      lengths && arange(K, { dtype: 'int32' }).less(tensor(lengths, { dtype: 'int32' }).reshape([2, 1, 1]));
    const options = { causal, ...(mask && { mask }), ...(scale !== null && { scale }) };
    return withGradients(draw, inputs, ([q, k, v]) => dotProductAttention(q!, k!, v!, options).output);
  });
  report('dot-product attention', golden.attention.length, worst);
  expect(worst).toBeLessThanOrEqual(1e-12);
});

test('The attention of decoders and its gradients are those of PyTorch', () => {
  const options = { random: new Random(1), dtype: 'float64' } as const;
  const worst = worstOf(golden.decoders, (draw, { kind, K, D, M, A, lengths }) => {
    const isAdditive = kind === 'additive';
    const attention = isAdditive
      ? new AdditiveAttention(D, M, A, options)
      : new DotProductAttention(D, M, options);
    const inputs = [draw.aroundZero(2, K, 2, M), draw.aroundZero(2, 2, D)];
    const parameters = attention.namedParameters().map(([, parameter]) => parameter);
    for (const each of parameters) each.assign(draw.aroundZero(1, ...each.shape));
    const run = ([encoded, query]: readonly Tensor[]): Tensor =>
      attention.forward(query!, attention.memory(encoded!, lengths === null ? {} : { lengths })).context;
    const output = run(inputs);
    const cotangent = draw.aroundZero(1, ...output.shape);
    const lossOf = (at: readonly Tensor[]): Tensor => run(at).mul(cotangent).sum();
    const gradients = [
      ...(grad(lossOf)(inputs) as readonly Tensor[]),
      ...leavesOf('attention', grad(attention, () => lossOf(inputs))()).map(({ leaf }) => leaf),
    ];
    return [output, ...gradients];
  });
  report('attention of decoders', golden.decoders.length, worst);
  expect(worst).toBeLessThanOrEqual(1e-12);
});
