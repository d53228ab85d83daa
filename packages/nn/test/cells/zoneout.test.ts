import { bernoulli, Random, where } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { LSTMCell, RNNCell, zoneout } from '../../src/index.ts';
import { relativeError } from '../differences.ts';
import { B, drawn, dtype, F, H, numbers } from './wrappers.ts';

describe('zoneout', () => {
  test('Each number of the state is the one before or the one after, in shares of p, drawn again at each step; the output is the state', () => {
    const [p, batch] = [{ h: 0.3, c: 0.6 }, 200];
    const lstm = new LSTMCell(F, H, { random: new Random(1), dtype });
    const cell = zoneout(lstm, p, { random: new Random(2) });
    let state = { h: drawn(1, batch, H), c: drawn(2, batch, H) };
    const masks: Record<'h' | 'c', string>[] = [];
    for (let t = 0; t < 2; t++) {
      const x = drawn(3 + t, batch, F);
      const after = lstm.step(x, state).state;
      const { output, state: next } = cell.step(x, state);
      expect(output).toBe(next.h);
      const mask = { h: '', c: '' };
      for (const name of ['h', 'c'] as const) {
        const [old, now] = [numbers(state[name]), numbers(after[name])];
        const kept = numbers(next[name]).map((value, i) => value === old[i]);
        expect(numbers(next[name])).toEqual(kept.map((each, i) => (each ? old[i] : now[i])));
        mask[name] = String(kept);
        const share = kept.filter((each) => each).length / kept.length;
        expect(Math.abs(share - p[name])).toBeLessThan(
          4 * Math.sqrt((p[name] * (1 - p[name])) / kept.length),
        );
      }
      masks.push(mask);
      state = next;
    }
    expect(masks[0]!.h).not.toBe(masks[1]!.h);
    expect(masks[0]!.h).not.toBe(masks[0]!.c);
  });

  test('A tensor without a probability is passed on, and no mask is drawn for it', () => {
    const lstm = new LSTMCell(F, H, { random: new Random(1), dtype });
    const [x, state] = [drawn(1, B, F), { h: drawn(2, B, H), c: drawn(3, B, H) }];
    const { output, state: after } = lstm.step(x, state);
    const kept = bernoulli([B, H], 0.5, { random: new Random(2), dtype });
    const cell = zoneout(lstm, { c: 0.5 }, { random: new Random(2) });
    const next = cell.step(x, state);
    expect(numbers(next.state.c)).toEqual(numbers(where(kept, state.c, after.c)));
    expect(numbers(next.output)).toEqual(numbers(output));
    expect(next.state.h).toBe(next.output);
  });

  test('In evaluation mode the state is the mean over many draws: p·before + (1 − p)·after', () => {
    const [p, draws] = [0.3, 4000];
    const cell = zoneout(new RNNCell(F, H, { random: new Random(1), dtype }), p, { random: new Random(2) });
    const [x, h] = [drawn(1, 1, F).expand([draws, F]), drawn(2, 1, H)];
    const many = cell.step(x, h.expand([draws, H])).state;
    const after = cell.cell.step(x.slice([0, 1]), h).state;
    const expected = cell.evaluate().step(x.slice([0, 1]), h).state;
    const wanted = numbers(h).map((before, i) => p * before + (1 - p) * numbers(after)[i]!);
    expect(relativeError(numbers(expected), wanted)).toBeLessThanOrEqual(1e-14);
    const spread = h
      .sub(after)
      .abs()
      .mul(4 * Math.sqrt((p * (1 - p)) / draws));
    for (const [i, error] of numbers(many.mean(0).reshape([1, H]).sub(expected).abs()).entries())
      expect(error).toBeLessThan(numbers(spread)[i]!);
  });
});
