/** Rules of softmax cross-entropy, whose second output p [N, V] is the softmax itself. */
import { equal, notEqual, oneHot, type Tensor, where } from '@chronograd/tensor';
import { crossEntropyGrad, shapeOf } from '@chronograd/tensor/engine';
import { constant, type Rules } from './types.ts';

export const lossRules: Rules<'crossEntropy' | 'crossEntropyGrad'> = {
  crossEntropy: [
    // gLoss·(p − onehot) + p·(gP − Σ gP·p)
    ([gLoss, gP], [, p], _, targets, { ignore }) => {
      const fromLoss = gLoss === null ? null : crossEntropyGrad(gLoss, p, targets, ignore);
      if (gP === null) return fromLoss!;
      const q = defined(p, gP, targets, ignore);
      const fromP = q.mul(gP.sub(gP.mul(q).sum(1, true)));
      return fromLoss === null ? fromP : fromLoss.add(fromP);
    },
    constant,
  ],
  // y = h·(p − onehot), h by row, 0 in ignored rows
  crossEntropyGrad: [
    (g, _, __, p, targets, { ignore }) => {
      const q = keep(p.sub(picked(p, targets, ignore)), targets, ignore);
      return keep(g.mul(q), targets, ignore).sum(1);
    },
    // Both factors: each is the other's derivative, and 0 · ∞ is NaN.
    (g, _, h, __, targets, { ignore }) => keep(g, targets, ignore).mul(keep(h.unsqueeze(1), targets, ignore)),
    constant,
  ],
};

/** p, with 0 for NaN in ignored rows that get no gradient, since 0 · NaN is NaN. */
const defined = (p: Tensor, gP: Tensor, targets: Tensor, ignore: number): Tensor =>
  where(equal(targets, ignore).unsqueeze(1), where(equal(gP, 0), where(notEqual(p, p), 0, p), p), p);

/** 1 at each row's target. Ignored rows, without a class, use class 0, which `keep` drops. */
const picked = (p: Tensor, targets: Tensor, ignore: number): Tensor =>
  oneHot(where(equal(targets, ignore), 0, targets), shapeOf(p)[1]!).cast(p.dtype);

/** 0 in ignored rows. */
const keep = (x: Tensor, targets: Tensor, ignore: number): Tensor =>
  where(notEqual(targets, ignore).unsqueeze(1), x, 0);
