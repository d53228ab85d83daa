import { grad } from '@chronograd/autograd';
import { bernoulli, ones, Random, zeros } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import { type AnyCell, LSTMCell, Recurrent, RNNCell, weightDrop, zoneout } from '../../src/index.ts';
import { B, bits, drawn, dtype, F, H, numbers, T } from './wrappers.ts';

describe('weightDrop', () => {
  test('drops the same elements of the recurrent weights at all steps and for all sequences, in shares of p, and others in each call', () => {
    const [size, p] = [40, 0.3];
    const rnn = new RNNCell(1, size, { random: new Random(1), dtype, nonlinearity: 'relu' });
    const cell = weightDrop(rnn, p, { random: new Random(2) });
    const recurrent = new Recurrent(cell);
    rnn.weightHh.assign(ones([size, size], { dtype }));
    const seen: string[] = [];
    const body = () => recurrent.forward(zeros([2, 1, 1], { dtype }), ones([1, size], { dtype }));
    for (let call = 0; call < 2; call++) {
      const { weightHh } = grad(recurrent, () => body().state.sum())().cell.cell;
      const zero = numbers(weightHh).filter((g) => g === 0).length / size ** 2;
      expect(Math.abs(zero - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / size ** 2));
      seen.push(String(numbers(weightHh).map((g) => g === 0)));
    }
    expect(seen[0]).not.toBe(seen[1]);
    expect(numbers(rnn.weightHh).every((w) => w === 1)).toBe(true);
  });

  test('A step outside of a loop is a separate sequence', () => {
    const cell = weightDrop(new RNNCell(1, 20, { random: new Random(1), dtype }), 0.5, {
      random: new Random(2),
    });
    const step = () => numbers(cell.step(zeros([1, 1], { dtype }), ones([1, 20], { dtype })).state);
    expect(step()).not.toEqual(step());
  });

  test('finds the weights of a cell inside of another wrapper by their names', () => {
    const random = new Random(1);
    const inner = zoneout(new LSTMCell(F, H, { random }), 0.1, { random });
    expect(weightDrop(inner, 0.5, { random }).names).toEqual(['cell.weightHh']);
    expect(weightDrop(inner, 0.5, { names: ['cell.weightIh'], random }).names).toEqual(['cell.weightIh']);
  });

  test('equals a cell whose weights were dropped before', () => {
    const x = drawn(1, T, B, F);
    const plain = new LSTMCell(F, H, { random: new Random(1), dtype });
    const kept = bernoulli([4 * H, H], 0.5, { random: new Random(9), dtype });
    const cell = weightDrop(new LSTMCell(F, H, { random: new Random(1), dtype }), 0.5, {
      random: new Random(9),
    });
    plain.weightHh.assign(plain.weightHh.mul(kept).mul(2));
    const outputs = (cell: AnyCell) => bits(new Recurrent(cell).forward(x).outputs);
    expect(outputs(cell)).toBe(outputs(plain));
  });
});
