import { expect, test } from 'vitest';
import {
  argmax,
  ChronogradError,
  concat,
  eye,
  full,
  fullLike,
  oneHot,
  Random,
  scatterRows,
  softmaxCrossEntropy,
  stack,
  tensor,
  where,
  zeros,
} from '../../src/index.ts';

const x = zeros([4, 4]);
const i = tensor([0, 1, 2, 3], { dtype: 'int32' });

type Takers = Readonly<Record<string, (n: never) => unknown>>;

/** Every op that takes an index, a count, a size or an axis as a plain number. */
const wholeNumbers: Takers = {
  'oneHot: classes': (n) => oneHot(i, n),
  'scatterRows: rows': (n) => scatterRows(x, i, n),
  'select: index': (n) => x.select(n),
  'select: axis': (n) => x.select(0, n),
  'slice: position': (n) => x.slice([n, 2]),
  'slice: end': (n) => x.slice([0, n]),
  'slice: step': (n) => x.slice([0, 4, n]),
  'split: size': (n) => x.split([n, 2]),
  'split: axis': (n) => x.split([2, 2], n),
  'chunk: parts': (n) => x.chunk(n as number),
  'chunk: axis': (n) => x.chunk<number>(2, n),
  'pad: width': (n) => x.pad([[n, 0]]),
  'concat: axis': (n) => concat([x, x], n),
  'stack: axis': (n) => stack([x, x], n),
  'reshape: size': (n) => x.reshape([n, 4]),
  'expand: size': (n) => x.expand([n, 4, 4]),
  'permute: axis': (n) => x.permute([n, 0]),
  'transpose: axis': (n) => x.transpose(n, 1),
  'flip: axis': (n) => x.flip([n]),
  'squeeze: axis': (n) => zeros([1]).squeeze([n]),
  'unsqueeze: axis': (n) => x.unsqueeze(n),
  'sum: axis': (n) => x.sum([n]),
  'mean: axis': (n) => x.mean([n]),
  'argmax: axis': (n) => argmax(x, n),
  'softmax: axis': (n) => x.softmax(n),
  'logSumExp: axis': (n) => x.logSumExp(n),
  'zeros: size': (n) => zeros([n]),
  'eye: size': (n) => eye(n),
  'Random: integer': (n) => new Random(1).integer(n),
};

/** Every op that takes an int32 value as a plain number. */
const int32s: Takers = {
  'softmaxCrossEntropy: ignore': (n) => softmaxCrossEntropy(x, i, n),
  'pad: value': (n) => i.pad([[1, 1]], n),
  add: (n) => i.add(n),
  equal: (n) => i.equal(n),
  where: (n) => where(i, i, n),
  clamp: (n) => i.clamp(0, n),
  full: (n) => full([2], n, { dtype: 'int32' }),
  fullLike: (n) => fullLike(i, n),
  tensor: (n) => tensor([n], { dtype: 'int32' }),
};

const odd = [null, Number.NaN, 0.5, '0', '2', true, Infinity];
const beyond = [2 ** 31, 2 ** 32, -(2 ** 31) - 1, 2 ** 53];
const cases = [
  ...Object.entries(wholeNumbers).map((each) => [...each, odd] as const),
  ...Object.entries(int32s).map((each) => [...each, [...odd, ...beyond]] as const),
];

test.each(cases)(
  '%s is a whole number that its kernel can hold; all else is a typed error',
  (_, take, bad) => {
    const accepted = bad.filter((n) => {
      try {
        take(n as never);
        return true;
      } catch (error) {
        expect(error).toBeInstanceOf(ChronogradError);
        return false;
      }
    });
    expect(accepted).toEqual([]);
  },
);

test('softmaxCrossEntropy names its own ignored index when it is no int32', () => {
  for (const ignore of [null, Number.NaN, 0.5, '0', 2 ** 32])
    expect(() => softmaxCrossEntropy(x, i, ignore as never)).toThrow(
      `softmaxCrossEntropy: expected a whole number of 32 bits for ignore, got ${
        typeof ignore === 'string' ? JSON.stringify(ignore) : String(ignore)
      }`,
    );
});
