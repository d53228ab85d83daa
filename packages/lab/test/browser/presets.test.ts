import { expect, test } from 'vitest';
import { presets } from '../../src/presets/index.ts';
import { inBrowsers } from './browsers.ts';
import { resultsOf } from './lab.ts';

inBrowsers((openLab) => {
  test.each(presets.filter(({ group }) => group !== 'wrong'))(
    'every law holds for $title',
    async (preset) => {
      const page = await openLab();
      const { events, error } = await resultsOf(page, 'verdict', {
        cells: [{ name: preset.title, code: preset.code }],
      });
      expect(error).toBeNull();
      const outcomes = events.flatMap((event) => ('outcome' in event ? [event.outcome] : []));
      expect(outcomes.filter(({ broken, untried }) => broken !== null || untried !== null)).toEqual([]);
      expect(outcomes.length).toBeGreaterThan(8);
      expect(page.problems).toEqual([]);
    },
  );
});
