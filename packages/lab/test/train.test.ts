import { expect, test } from 'vitest';
import { compile } from '../src/engine/program.ts';
import { type TrainEvent, train } from '../src/engine/train.ts';
import { presetOf } from '../src/presets/index.ts';
import { type TrainSettings, trainDefaults } from '../src/settings/train.ts';

const TEXT = 'the cat sat on the mat, and the dog sat on the log. '.repeat(60);

async function eventsOf(ids: readonly string[], settings: Partial<TrainSettings>): Promise<TrainEvent[]> {
  const programs = ids.map((id) => compile(presetOf(id).code));
  const all = { ...trainDefaults, data: TEXT, hiddenSize: 16, steps: 12, batch: 4, ...settings };
  const events: TrainEvent[] = [];
  for await (const event of train(programs, all)) events.push(event);
  return events;
}

const losses = (events: readonly TrainEvent[], program: number) =>
  events.flatMap((event) => (event.type === 'step' && event.program === program ? [event.loss] : []));

for (const task of ['text', 'sine', 'column'] as const)
  test(`${task}: two cells train in turn, the held-out score improves, and a run repeats bit for bit`, async () => {
    const data =
      task === 'column' ? Array.from({ length: 400 }, (_, i) => String((i * 7) % 11)).join('\n') : TEXT;
    const settings = { task, data, updates: 60, measureEvery: 30 } as const;
    const events = await eventsOf(['gru', 'rnn'], settings);
    expect(await eventsOf(['gru', 'rnn'], settings)).toEqual(events);
    for (const program of [0, 1]) {
      expect(losses(events, program)).toHaveLength(60);
      const scores = events.flatMap((event) =>
        event.type === 'measure' && event.program === program ? [event.heldOut] : [],
      );
      expect(scores).toHaveLength(2);
      expect(scores[1]).toBeLessThan(scores[0]!);
    }
  });

for (const task of ['adding', 'copy'] as const)
  test(`${task}: a GRU learns it over five steps, to less than half of the loss without memory`, async () => {
    const settings = { task, steps: 5, batch: 16, lr: 0.02, updates: 500, measureEvery: 500 };
    const events = await eventsOf(['gru'], settings);
    const [start, end] = [events[0]!, events.at(-1)!];
    if (start.type !== 'start' || end.type !== 'measure') throw new Error('unexpected events');
    expect(end.heldOut).toBeLessThan(start.baselines[0]!.score / 2);
  });

test('A cell trains as it does alone, whichever cell trains beside it', async () => {
  const [alone, beside] = [
    await eventsOf(['gru'], { updates: 20 }),
    await eventsOf(['gru', 'lstm'], { updates: 20 }),
  ];
  expect(losses(beside, 0)).toEqual(losses(alone, 0));
});
