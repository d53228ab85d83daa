import { expect, test } from 'vitest';
import { presetOf } from '../../src/presets/index.ts';
import { inBrowsers } from './browsers.ts';
import { resultsOf } from './lab.ts';
import { wrongPrograms } from './wrong-programs.ts';

inBrowsers((openLab) => {
  test('each wrong program gets a sentence with its line, and the page goes on', async () => {
    const page = await openLab();
    const found: unknown[] = [];
    for (const { title, code } of wrongPrograms) {
      const { error } = await resultsOf(page, 'verdict', { cells: [{ name: title, code }] });
      found.push({ title, message: error?.message ?? 'no error', line: error?.place?.line ?? null });
    }
    const expected = wrongPrograms.map(({ title, says, line }) => ({
      title,
      message: expect.stringMatching(says),
      line,
    }));
    expect(found).toEqual(expected);
    // Firefox prints rejected promises of workers, though they are handled.
    expect(page.problems.filter((each) => each !== 'Error: later')).toEqual([]);
    const { code } = presetOf('rnn');
    const { error, events } = await resultsOf(page, 'verdict', { cells: [{ name: 'RNN', code }] });
    expect(error).toBeNull();
    expect(events.length).toBeGreaterThan(8);
  });
});
