import { expect, test } from 'vitest';
import { type ConnectivityEvent, connectivity } from '../src/engine/connectivity.ts';
import { type InsideEvent, inside } from '../src/engine/inside.ts';
import { compile } from '../src/engine/program.ts';
import { placesOf, unitsOn } from '../src/engine/selection.ts';
import { presetOf } from '../src/presets/index.ts';
import { connectivityDefaults, insideDefaults } from '../src/settings/reading.ts';

const text = 'the cat sat on the mat, and the dog sat on the log. '.repeat(60);
const programs = (...ids: string[]) => ids.map((id) => compile(presetOf(id).code));

async function all<E>(events: AsyncIterable<E> | Iterable<E>): Promise<E[]> {
  const list: E[] = [];
  for await (const event of events) list.push(event);
  return list;
}

test('Connectivity: progress first, then for each cell a row of t + 1 norms at step t, the same each time', async () => {
  const settings = { ...connectivityDefaults, hiddenSize: 12, updates: 50, text };
  const events = await all(connectivity(programs('gru', 'rnn'), settings));
  const found = events.filter((event): event is ConnectivityEvent => event.type === 'connectivity');
  expect(events.filter(({ type }) => type === 'progress')).toHaveLength(4);
  expect(found.map(({ name }) => name)).toEqual(['GRU', 'RNN']);
  for (const { rows, characters, predictions } of found) {
    expect(rows.map((row) => row.length)).toEqual(characters.map((_, t) => t + 1));
    expect(rows.flat().every((norm) => norm > 0)).toBe(true);
    expect(predictions).toHaveLength(characters.length);
  }
  // Trained cells are kept: this time without progress.
  expect(await all(connectivity(programs('gru', 'rnn'), settings))).toEqual(found);
});

test('Connectivity: a cell is not found trained under the name of another', async () => {
  const settings = { ...connectivityDefaults, hiddenSize: 8, updates: 10, text };
  const [gru, rnn] = [
    await all(connectivity(programs('gru'), settings)),
    await all(connectivity(programs('rnn'), settings)),
  ];
  const rowsOf = (events: typeof gru) => events.flatMap((event) => ('rows' in event ? event.rows : []));
  expect(rowsOf(gru)).not.toEqual(rowsOf(rnn));
});

test('Inside: every gate and state has a value for each unit and character', async () => {
  const [event] = (await all(
    inside(programs('lstm'), { ...insideDefaults, hiddenSize: 12, updates: 0, text }),
  )) as [InsideEvent];
  expect(Object.keys(event.taps)).toEqual(['i', 'f', 'g', 'o', 'output', 'state.h', 'state.c']);
  for (const units of Object.values(event.taps)) {
    expect(units).toHaveLength(12);
    for (const values of units) expect(values).toHaveLength(event.characters.length);
  }
});

test('unitsOn finds the units that are on in the span and almost nowhere else, placesOf the other places', () => {
  const units = [
    [0, 0, 1, 1, 0, 0, 1, 0], // on in the span and at 6
    [0, 0, 1, 1, 0, 0, 0, 0], // on in the span only
    [1, 1, 1, 1, 0, 1, 1, 1], // on nearly everywhere
    [0, 0, 1, 0, 0, 0, 0, 0], // not in the whole span
    [2, 2, 2, 2, 2, 2, 2, 2], // constant: never on
  ];
  const found = unitsOn(units, [2, 3]);
  expect(found).toEqual([
    { unit: 1, elsewhere: 0 },
    { unit: 0, elsewhere: 1 / 6 },
    { unit: 2, elsewhere: 5 / 6 },
  ]);
  expect(placesOf(units, [0, 2], [2, 3])).toEqual([6]);
  expect(placesOf(units, [], [2, 3])).toEqual([]);
});
