import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { compile } from '../../src/engine/program.ts';
import { type TrainEvent, train } from '../../src/engine/train.ts';
import { presetOf } from '../../src/presets/index.ts';
import { type TrainSettings, trainDefaults } from '../../src/settings/train.ts';
import { inBrowsers } from './browsers.ts';
import { eventsOf, type Lab } from './lab.ts';

const cells = ['gru', 'rnn'].map((id) => ({ name: presetOf(id).title, code: presetOf(id).code }));
const codes = cells.map(({ code }) => code);
const data = 'the cat sat on the mat, and the dog sat on the log. '.repeat(60);

const SETTINGS: Readonly<Record<'text' | 'adding', TrainSettings>> = {
  text: { ...trainDefaults, data, hiddenSize: 16, steps: 12, batch: 4, updates: 200 },
  adding: { ...trainDefaults, task: 'adding', hiddenSize: 16, steps: 10, batch: 8, updates: 200 },
};

/** A short name of all bits of the losses of each cell. */
function hashesOf(events: readonly TrainEvent[]): string[] {
  return cells.map((_, program) => {
    const losses = events.flatMap((event) =>
      event.type === 'step' && event.program === program ? [event.loss] : [],
    );
    expect(losses).toHaveLength(200);
    return createHash('sha256').update(Float64Array.from(losses)).digest('hex');
  });
}

const samplesOf = (events: readonly TrainEvent[]) =>
  events.flatMap((event) => (event.type === 'measure' ? [event.sample] : []));

async function inNode(settings: TrainSettings): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of train(codes.map(compile), settings) as AsyncIterable<TrainEvent>)
    events.push(event);
  return events;
}

inBrowsers((openLab) => {
  for (const [task, settings] of Object.entries(SETTINGS))
    test(`${task}: 200 losses of two cells have the same bits as in Node, and samples the same text`, async () => {
      const page = await openLab();
      const events = await eventsOf(page, 'train', codes, settings);
      const expected = await inNode(settings);
      expect(hashesOf(events)).toEqual(hashesOf(expected));
      expect(samplesOf(events)).toEqual(samplesOf(expected));
      expect(page.problems).toEqual([]);
    });

  test('Stop ends a training at once, and the next one begins again', async () => {
    const page = await openLab();
    const seen = await page.evaluate(
      async (cells, train) => {
        const { lab } = globalThis as unknown as { lab: Lab };
        const pause = (ms = 20) => new Promise((done) => setTimeout(done, ms));
        const button = (text: string) =>
          [...document.querySelectorAll<HTMLButtonElement>('.train button')].find(
            ({ textContent }) => textContent === text,
          );
        const updates = () => Number(document.querySelector('.train td')?.textContent ?? 0);
        lab.change({ panel: 'train', cells, train });
        while (button('Train') === undefined) await pause();
        button('Train')!.click();
        while (updates() < 5) await pause();
        button('Stop')!.click();
        await pause(500);
        const stopped = updates();
        button('One step')!.click();
        while (updates() === 0) await pause();
        await pause(500);
        return { stopped, afterOneStep: updates(), button: button('Train') !== undefined };
      },
      cells,
      { ...SETTINGS.text, updates: 100_000 },
    );
    expect(seen).toEqual({ stopped: 0, afterOneStep: 1, button: true });
    expect(page.problems).toEqual([]);
  });
});
