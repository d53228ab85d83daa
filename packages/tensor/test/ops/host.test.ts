/** Laws of results that leave the arena. */
import { expect, test } from 'vitest';
import { arange, Parameter, scope, type Tensor } from '../../src/index.ts';
import { toHost } from '../../src/ops/host.ts';

const views: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  itself: (x) => x,
  'its later rows': (x) => x.slice([1, 3]),
  'its transpose': (x) => x.transpose(),
  'its reverse': (x) => x.flip(),
};

test.each(Object.entries(views))(
  'In a scope and after it, a result as a host tensor has the same elements, also for ops: %s',
  (_, of) => {
    const expected = of(arange(6).reshape([3, 2])).toArray();
    const kept = scope(() => {
      const host = toHost(of(arange(6).reshape([3, 2]).add(0)));
      expect(host.toArray()).toEqual(expected);
      expect(host.mul(1).toArray()).toEqual(expected);
      return host;
    });
    expect(kept.mul(1).toArray()).toEqual(expected);
  },
);

test('Host tensors and parameters are their own host tensors', () => {
  const [x, w] = [arange(4), new Parameter(arange(4))];
  expect(toHost(x)).toBe(x);
  expect(toHost(w)).toBe(w);
});

test.each(Object.entries(views).slice(1))(
  'A host tensor of a view of a parameter keeps its elements when the parameter changes: %s',
  (_, of) => {
    const w = new Parameter(arange(6).reshape([3, 2]));
    const expected = of(w).toArray();
    const host = toHost(of(w));
    w.assign(w.add(1));
    expect(host.toArray()).toEqual(expected);
    expect(host.mul(1).toArray()).toEqual(expected);
  },
);
