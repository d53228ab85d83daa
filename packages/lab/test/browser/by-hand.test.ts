import { expect, test } from 'vitest';
import { type ByHandEvent, byHand, ROUNDING } from '../../src/engine/by-hand.ts';
import { compile } from '../../src/engine/program.ts';
import { backwards, joined, mistakes, toggled } from '../../src/presets/by-hand.ts';
import { presetOf } from '../../src/presets/index.ts';
import { type ByHandCell, byHandDefaults } from '../../src/settings/by-hand.ts';
import { inBrowsers } from './browsers.ts';
import { resultsOf } from './lab.ts';

type Grid = Extract<ByHandEvent, { type: 'grid' }>;

const gridIn = (events: Iterable<ByHandEvent>) =>
  [...events].find((event): event is Grid => event.type === 'grid')!;

const wrongSquares = ({ rows }: Grid): boolean[][] =>
  rows.map(({ differences }) => differences.map((difference) => !(difference < ROUNDING)));

/** One mistake of each cell. */
const PLANTED = { rnn: 'Forget the transpose', lstm: 'Exchange i and f', gru: 'Forget the reset gate' };

inBrowsers((openLab) => {
  for (const [id, title] of Object.entries(PLANTED) as [Exclude<ByHandCell, 'own'>, string][])
    test(`the grid shows the same wrong squares as in Node: ${id}, ${title}`, async () => {
      const { title: name, code: cell } = presetOf(id);
      const code = toggled(backwards[id], mistakes[id].find((each) => each.title === title)!);
      const page = await openLab();
      const { events, error } = await resultsOf(page, 'byHand', {
        panel: 'byHand',
        cells: [{ name, code: cell }],
        byHand: { ...byHandDefaults, cell: id, code },
      });
      expect(error).toBeNull();
      const program = compile(joined(cell, code).code);
      const inNode = gridIn(byHand([program], byHandDefaults) as Iterable<ByHandEvent>);
      expect(wrongSquares(gridIn(events))).toEqual(wrongSquares(inNode));
      expect(page.problems).toEqual([]);
    });

  test('a switch plants its mistake in the text, and mends it', async () => {
    const page = await openLab();
    const { title, code } = presetOf('rnn');
    const cells = [{ name: title, code }];
    await resultsOf(page, 'byHand', { panel: 'byHand', cells });
    const toggle = async (): Promise<string> => {
      await page.evaluate(async () => {
        const find = () => document.querySelector<HTMLInputElement>('.mistakes input');
        while (find() === null) await new Promise((done) => setTimeout(done, 50));
        find()!.click();
      });
      const { events } = await resultsOf(page, 'byHand');
      return events.flatMap((event) => (event.type === 'law' ? [event.broken?.cure ?? 'right'] : [])).join();
    };
    expect(await toggle()).toMatch(/add what arrives at state/);
    expect(await toggle()).toBe('right');
  });
});
