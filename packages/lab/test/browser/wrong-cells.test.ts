import { expect, test } from 'vitest';
import { wrongCells } from '../../src/presets/wrong.ts';
import { expectFinding, outcomesIn } from '../verdicts.ts';
import { inBrowsers } from './browsers.ts';
import { resultsOf } from './lab.ts';

inBrowsers((openLab) => {
  for (const { title, code, finding } of wrongCells)
    test(`the verdict names what is wrong: ${title}`, async () => {
      const page = await openLab();
      const { events, error } = await resultsOf(page, 'verdict', { cells: [{ name: title, code }] });
      expect(error).toBeNull();
      expectFinding(outcomesIn(events), finding);
      expect(page.problems).toEqual([]);
    });
});
