import fc from 'fast-check';
import { expect, test } from 'vitest';
import { segment } from '../src/engine.ts';
import { memory, normal, Random, ScopeError, scope, type Tensor, tensor, zeros } from '../src/index.ts';

test('What a segment returns lives on with its values, whatever its sizes and wherever in the segment it was made; all else is given back', () => {
  // Up to 1.6 MB each: they do not all fit a chunk of the arena.
  const sizes = fc.array(fc.tuple(fc.constantFrom(1, 3, 1000, 200_000), fc.boolean()), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(sizes, fc.nat(), (parts, turn) => {
      scope(() => {
        const before = zeros([5]).add(1);
        const start = memory().arena.bytes;
        const values = parts.map(([size], i) =>
          tensor(Float64Array.from({ length: size }, (_, k) => i + k / size)),
        );
        const kept = segment(() => {
          const made = values.map((x) => x.add(1));
          const chosen = made.flatMap((x, i) => (parts[i]![1] ? [{ x, i }] : []));
          return [...chosen.slice(turn % 3), ...chosen.slice(0, turn % 3)].map(({ x, i }) => ({
            x,
            i,
            twice: x,
          }));
        });
        const bytes = kept.reduce((sum, { x }) => sum + x.size * 8 + (x.size % 2) * 8, 0);
        expect(memory().arena.bytes - start).toBe(bytes);
        const next = zeros([1000]).add(7);
        for (const { x, i, twice } of kept) {
          expect(twice).toBe(x);
          expect(x.sub(1).sub(values[i]!).abs().max().item()).toBeLessThan(1e-12);
        }
        expect([before.sum().item(), next.sum().item()]).toEqual([5, 7000]);
      });
    }),
    { seed: 1, numRuns: 15 },
  );
});

test('Views, broadcast ones too, are returned as separate tensors; outside tensors are returned as themselves', () => {
  scope(() => {
    const x = normal([4, 3], { random: new Random(1) });
    const inner = x.add(0);
    const outer = segment(() => {
      const y = x.mul(2);
      return { x, inner, turned: y.transpose(), row: y.select(1), wide: y.slice([0, 1]).expand([5, 3]) };
    });
    expect(outer.x).toBe(x);
    expect(outer.inner).toBe(inner);
    expect(outer.turned.toArray()).toEqual(x.mul(2).transpose().toArray());
    expect(outer.row.toArray()).toEqual(x.mul(2).select(1).toArray());
    expect(outer.wide.toArray()).toEqual(x.mul(2).slice([0, 1]).expand([5, 3]).toArray());
  });
  expect(segment(() => zeros([2]).add(1)).toArray()).toEqual([1, 1]);
});

test('A host tensor that a segment copied in is copied in again after it; one copied in before is not', () => {
  scope(() => {
    const [early, late] = [zeros([64]).add(0), tensor(new Float32Array(64).fill(3))];
    early.sum();
    segment(() => [late.sum(), segment(() => late.add(1)).sum()]);
    zeros([256]).add(9); // writes over where the copy lay
    expect([late.sum().item(), early.sum().item()]).toEqual([192, 0]);
  });
});

test('A tensor that escapes a segment throws when it is used; an error or a promise frees the memory, too', () => {
  scope(() => {
    let slipped: Tensor | undefined;
    const start = memory().arena.bytes;
    segment(() => {
      slipped = zeros([8]).add(1);
      return null;
    });
    expect(() => slipped!.toArray()).toThrow(ScopeError);
    expect(() =>
      segment(() =>
        zeros([8])
          .add(1)
          .matmul(zeros([3])),
      ),
    ).toThrow('matmul');
    expect(() => segment(async () => zeros([8]).add(1))).toThrow(ScopeError);
    expect(memory().arena.bytes).toBe(start);
    expect(zeros([8]).add(2).sum().item()).toBe(16);
  });
});
