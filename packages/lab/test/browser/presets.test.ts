/** The prepared cells give Node's numbers in every browser. */
import { expect, test } from 'vitest';
import { compile } from '../../src/engine/program.ts';
import { type ReachEvent, throughTime } from '../../src/engine/through-time.ts';
import { type VerdictEvent, verdict } from '../../src/engine/verdict.ts';
import { presets } from '../../src/presets/index.ts';
import { throughTimeDefaults } from '../../src/settings/through-time.ts';
import { verdictDefaults } from '../../src/settings/verdict.ts';
import { inBrowsers } from './browsers.ts';
import { panelsOf, resultsOf } from './lab.ts';

const right = presets.filter(({ group }) => group !== 'wrong');
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

  test('Through time gives the numbers of Node to 1e-12, for every right cell', async () => {
    const page = await openLab();
    expect(await panelsOf(page)).toContain('throughTime');
    for (const { title, code } of right) {
      const fields = { panel: 'throughTime', cells: [{ name: title, code }] };
      const { events, error } = await resultsOf(page, 'throughTime', fields);
      expect(error).toBeNull();
      const [expected] = [...(throughTime([compile(code)], throughTimeDefaults) as Iterable<ReachEvent>)];
      expect(events).toHaveLength(1);
      const [found] = events as [ReachEvent];
      expect(found.name).toBe(expected!.name);
      for (const key of ['norms', 'bound'] as const) {
        const worst = (expected![key] ?? []).map((value, k) => Math.abs(found[key]![k]! / value - 1));
        expect(Math.max(0, ...worst), `${title}: ${key}`).toBeLessThan(1e-12);
      }
    }
    expect(page.problems).toEqual([]);
  });
});
