/** Samples of softmax cross-entropy, whose two outputs are asked for alone and together. */
import { concat, softmaxCrossEntropy, tensor } from '@chronograd/tensor';
import { crossEntropyGrad, IGNORE_NOTHING } from '@chronograd/tensor/engine';
import fc from 'fast-check';
import type { Plain } from '../plain.ts';
import { total } from '../plain.ts';
import { filled, fullSize, type Row, Sample, size } from './sample.ts';

const IGNORED = -7;

interface Problem {
  readonly n: number;
  readonly v: number;
  readonly targets: readonly number[];
  readonly ignore: number;
}

/** Rows, classes and targets; in half of them some rows are ignored. */
const problems: fc.Arbitrary<Problem> = fc.tuple(size, fullSize, fc.boolean()).chain(([n, v, some]) => {
  const named = fc.integer({ min: 0, max: v - 1 });
  const target = some ? fc.oneof(named, fc.constant(IGNORED)) : named;
  const ignore = some ? IGNORED : IGNORE_NOTHING;
  return fc.array(target, { minLength: n, maxLength: n }).map((targets) => ({ n, v, targets, ignore }));
});

const rowsOf = (x: Plain, v: number, n: number): number[][] =>
  Array.from({ length: n }, (_, row) => x.values.slice(row * v, (row + 1) * v) as number[]);

const softmax = (row: readonly number[]): number[] => {
  const e = row.map(Math.exp);
  return e.map((each) => each / total(e));
};

const crossEntropy: Row = fc
  .tuple(problems, fc.constantFrom('loss' as const, 'probabilities' as const, 'both' as const))
  .chain(([{ n, v, targets, ignore }, asked]) => {
    const which = tensor(new Int32Array(targets));
    return filled([n, v]).map(
      (logits) =>
        new Sample(
          `crossEntropy's ${asked}, targets ${targets}`,
          [logits],
          (x) => {
            const [loss, probabilities] = softmaxCrossEntropy(x!, which, ignore);
            if (asked === 'loss') return loss;
            return asked === 'probabilities' ? probabilities : concat([loss, probabilities.reshape([n * v])]);
          },
          (x) => {
            const probabilities = rowsOf(x!, v, n).map(softmax);
            const losses = probabilities.map((row, i) =>
              targets[i] === ignore ? 0 : -Math.log(row[targets[i]!]!),
            );
            if (asked === 'loss') return { shape: [n], values: losses };
            const all = probabilities.flat();
            return asked === 'probabilities'
              ? { shape: [n, v], values: all }
              : { shape: [n + n * v], values: [...losses, ...all] };
          },
        ),
    );
  });

const crossEntropyGradRow: Row = problems.chain(({ n, v, targets, ignore }) => {
  const which = tensor(new Int32Array(targets));
  return fc.tuple(filled([n]), filled([n, v])).map(
    ([g, p]) =>
      new Sample(
        `crossEntropyGrad, targets ${targets}`,
        [g, p],
        (a, b) => crossEntropyGrad(a!, b!, which, ignore),
        (a, b) => ({
          shape: [n, v],
          values: rowsOf(b!, v, n).flatMap((row, i) =>
            row.map((each, j) =>
              targets[i] === ignore ? 0 : a!.values[i]! * (each - (j === targets[i] ? 1 : 0)),
            ),
          ),
        }),
      ),
  );
});

export const lossRows: Readonly<Record<'crossEntropy' | 'crossEntropyGrad', Row>> = {
  crossEntropy,
  crossEntropyGrad: crossEntropyGradRow,
};
