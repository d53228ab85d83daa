/** Rules of softmax cross-entropy, whose second output p is the softmax itself. */
import { equal, notEqual, oneHot, type Tensor, where } from '@chronograd/tensor';
import { crossEntropyGrad } from '@chronograd/tensor/engine';
import { constant, type Rules } from './types.ts';

export const lossRules: Rules<'crossEntropy' | 'crossEntropyGrad'> = {
  crossEntropy: [
    // gLoss·(p − onehot) + p·(gP − Σ gP·p)
    ([gLoss, gP], [, p], _, targets, { ignore }) => {
      const fromLoss = gLoss === null ? null : crossEntropyGrad(gLoss, p, targets, ignore);
      const fromP = gP === null ? null : p.mul(gP.sub(gP.mul(p).sum(-1, true)));
      return fromLoss === null ? fromP! : fromP === null ? fromLoss : fromLoss.add(fromP);
    },
    constant,
  ],
  // y = h·(p − onehot), h by row, 0 in ignored rows
  crossEntropyGrad: [
    (g, _, __, p, targets, { ignore }) =>
      keep(g.mul(p.sub(picked(p, targets, ignore))), targets, ignore).sum(-1),
    (g, _, h, __, targets, { ignore }) => keep(g.mul(h.unsqueeze(-1)), targets, ignore),
    constant,
  ],
};

/** 1 at each row's target. Ignored rows may name no class at all: they take class 0, and `keep` drops them. */
const picked = (p: Tensor, targets: Tensor, ignore: number): Tensor =>
  oneHot(where(equal(targets, ignore), 0, targets), p.shape[1]!).cast(p.dtype);

/** 0 in ignored rows. */
const keep = (x: Tensor, targets: Tensor, ignore: number): Tensor =>
  where(notEqual(targets, ignore).unsqueeze(-1), x, 0);
