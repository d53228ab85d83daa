import { ShapeError, ValueError } from '@chronograd/tensor';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Streams, type Window } from '../../src/data/index.ts';

const seeded = { seed: 1, numRuns: 100 };
/**
 * Streams long enough for a window. The index of a position is its content, so that reads show
 * their position.
 */
const cases = fc
  .record({
    batch: fc.integer({ min: 1, max: 5 }),
    steps: fc.integer({ min: 1, max: 9 }),
    extra: fc.nat(60),
    rest: fc.nat(4),
    bytes: fc.constantFrom(1, 2, 4),
  })
  .map(({ batch, steps, extra, rest, bytes }) => {
    const length = steps + 2 + extra;
    const all = Array.from({ length: batch * length + (rest % batch) }, (_, i) => i);
    const small = all.length <= 256 && bytes === 1 ? Uint8Array : Uint16Array;
    const indices = (bytes === 4 ? Int32Array : small).from(all);
    return { batch, steps, length, indices };
  });
const rows = (x: Window['inputs']) => x.toArray() as number[][];

test('Every stream is read in order, each character once, and each target is the character that follows', () => {
  fc.assert(
    fc.property(cases, ({ batch, steps, length, indices }) => {
      const streams = new Streams(indices, { batch, steps });
      for (let position = 0; position + steps + 1 < length; position += steps) {
        expect(streams.position).toBe(position);
        const { inputs, targets, restarted } = streams.next();
        expect([inputs.dtype, inputs.shape, targets.dtype, targets.shape]).toEqual([
          'int32',
          [steps, batch],
          'int32',
          [steps, batch],
        ]);
        expect(restarted).toBe(position === 0);
        rows(inputs).forEach((row, t) => {
          expect(row).toEqual(row.map((_, b) => indices[b * length + position + t]));
        });
        expect(rows(targets)).toEqual(rows(inputs).map((row) => row.map((index) => index + 1)));
      }
    }),
    seeded,
  );
});

test('Windows begin again exactly where min-char-rnn would: as soon as p + T + 1 ≥ length', () => {
  fc.assert(
    fc.property(cases, ({ batch, steps, length, indices }) => {
      const streams = new Streams(indices, { batch, steps });
      // Its loop, in its own words:
      // `if p+seq_length+1 >= len(data) or n == 0: hprev = zeros; p = 0`.
      let p = 0;
      for (let n = 0; n < 30; n++) {
        const reset = p + steps + 1 >= length || n === 0;
        if (n > 0) expect(streams.ended).toBe(reset);
        if (reset) p = 0;
        const { inputs, restarted } = streams.next();
        expect([restarted, rows(inputs)[0]![0]]).toEqual([reset, p]);
        p += steps;
        expect(streams.position).toBe(p);
      }
    }),
    seeded,
  );
});

test('Streams that go on from a position read what the uninterrupted ones read, and carry state', () => {
  fc.assert(
    fc.property(cases, fc.nat(20), ({ batch, steps, indices }, n) => {
      const whole = new Streams(indices, { batch, steps });
      for (let i = 0; i <= n; i++) whole.next();
      const resumed = new Streams(indices, { batch, steps });
      resumed.seek(whole.position);
      for (let i = 0; i < 5; i++) {
        const [a, b] = [whole.next(), resumed.next()];
        expect(rows(b.inputs)).toEqual(rows(a.inputs));
        expect(rows(b.targets)).toEqual(rows(a.targets));
        expect(b.restarted).toBe(a.restarted);
      }
    }),
    seeded,
  );
});

test('A stream of T + 2 characters is enough; one fewer throws an error with the numbers that decide', () => {
  const streams = new Streams(new Int32Array(2 * 7), { batch: 2, steps: 5 });
  expect(streams.next().restarted).toBe(true);
  expect(streams.next().restarted).toBe(true);
  const refused = () => new Streams(new Int32Array(2 * 7 - 1), { batch: 2, steps: 5 });
  expect(refused).toThrow(ShapeError);
  expect(refused).toThrow(
    'Streams: expected at least 7 characters in each stream for windows of 5, got 6: 13 characters in 2 streams',
  );
});

test('Only whole numbers in typed arrays are indices', () => {
  for (const wrong of [[0, 1, 0, 1], new Float32Array(100), 'text'])
    expect(() => new Streams(wrong as unknown as Int32Array, { batch: 1, steps: 2 })).toThrow(
      'Streams: expected an Int32Array, Uint16Array or Uint8Array of indices, got ',
    );
});

test('Invalid batches, steps and positions are rejected by name', () => {
  const data = new Int32Array(100);
  for (const value of [0, -1, 1.5, Number.NaN]) {
    expect(() => new Streams(data, { batch: value, steps: 5 })).toThrow(ValueError);
    expect(() => new Streams(data, { batch: value, steps: 5 })).toThrow(
      `Streams: expected a whole number from 1 on for batch, got ${value}`,
    );
    expect(() => new Streams(data, { batch: 1, steps: value })).toThrow(
      `Streams: expected a whole number from 1 on for steps, got ${value}`,
    );
  }
  const streams = new Streams(data, { batch: 2, steps: 5 });
  for (const position of [-1, 0.5, 51, Number.NaN]) {
    expect(() => streams.seek(position)).toThrow(
      `seek: expected a whole number from 0 to 50 for position, got ${position}`,
    );
  }
  expect(streams.next().restarted).toBe(true);
});
