import { concat, normal, Random, type Tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { forecast, GRUCell, Linear, Recurrent, stream } from '../../src/index.ts';

const random = new Random(1);
const recurrent = new Recurrent(new GRUCell(2, 4, { random }));
const decoder = new Linear(4, 2, { random });
const head = (h: Tensor): Tensor => decoder.forward(h);
const series = normal([5, 3, 2], { random });
const numbers = (x: Tensor | null): number[] => [...(x?.toTypedArray() ?? [])];

test('a forecast is what forward gives for the series with each output appended', () => {
  const live = stream(recurrent, { batch: 3, head });
  for (let t = 0; t < 5; t++) live.push(series.select(t));
  const next = (y: Tensor): Tensor => y.mul(0.5);
  for (const options of [{}, { next }]) {
    let read = series;
    const expected: number[] = [];
    for (let i = 0; i < 4; i++) {
      const y = head(recurrent.forward(read).outputs).select(-1);
      expected.push(...numbers(y));
      read = concat([read, ('next' in options ? next(y) : y).unsqueeze(0)], 0);
    }
    const got = forecast(live, 4, options);
    expect(got.shape).toEqual([4, 3, 2]);
    expect(numbers(got)).toEqual(expected);
  }
});

test('the stream is as before, also after an error', () => {
  const live = stream(recurrent, { batch: 3, head });
  live.push(series.select(0));
  const [state, output] = [numbers(live.state), numbers(live.output)];
  forecast(live, 3);
  const fail = (): Tensor => {
    throw new Error('no');
  };
  expect(() => forecast(live, 3, { next: fail })).toThrow('no');
  expect(numbers(live.state)).toEqual(state);
  expect(numbers(live.output)).toEqual(output);
});

test('refuses a stream that has read nothing, and outputs that are no inputs', () => {
  expect(() => forecast(stream(recurrent), 2)).toThrow(/forecast: expected a stream that has read something/);
  const live = stream(recurrent, { batch: 3 });
  live.push(series.select(0));
  expect(() => forecast(live, 2)).toThrow(/push: expected \[3, 2\] for the input, as at the first push/);
  expect(() => forecast(live, 0)).toThrow(/a whole number from 1 on for n/);
});
