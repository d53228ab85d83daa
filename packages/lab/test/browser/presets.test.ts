/** The prepared cells give Node's numbers in every browser. */
import { expect, test } from 'vitest';
import { compile } from '../../src/engine/program.ts';
import { type VerdictEvent, verdict } from '../../src/engine/verdict.ts';
import { presets } from '../../src/presets/index.ts';
import { verdictDefaults } from '../../src/settings/verdict.ts';
import { inBrowsers } from './browsers.ts';
import { resultsOf } from './lab.ts';

/** As a worker sends them: without values that are undefined. */
const plain = <T>(events: readonly T[]): T[] => JSON.parse(JSON.stringify(events));

const verdictOf = (code: string): VerdictEvent[] =>
  plain([...(verdict([compile(code)], verdictDefaults) as Iterable<VerdictEvent>)]);

inBrowsers((openLab) => {
  test.each(presets)('the verdict on $title settles, and is the one of Node', async ({ title, code }) => {
    const page = await openLab();
    const { events, error } = await resultsOf(page, 'verdict', { cells: [{ name: title, code }] });
    expect(error).toBeNull();
    expect(events).toEqual(verdictOf(code));
    expect(page.problems).toEqual([]);
  });
});
