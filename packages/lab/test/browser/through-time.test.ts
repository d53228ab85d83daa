import { expect, test } from 'vitest';
import { compile } from '../../src/engine/program.ts';
import { type ReachEvent, throughTime } from '../../src/engine/through-time.ts';
import { presets } from '../../src/presets/index.ts';
import { throughTimeDefaults } from '../../src/settings/through-time.ts';
import { inBrowsers } from './browsers.ts';
import { eventsOf } from './lab.ts';

inBrowsers((openLab) => {
  test.each(presets.filter(({ group }) => group !== 'wrong'))(
    'the numbers of $title are those of Node, to 1e-12: singular values use functions of Math',
    async ({ code }) => {
      const page = await openLab();
      const [found] = await eventsOf(page, 'throughTime', [code], throughTimeDefaults);
      const [wanted] = throughTime([compile(code)], throughTimeDefaults) as Iterable<ReachEvent>;
      for (const [k, norm] of wanted!.norms.entries())
        expect(Math.abs(found!.norms[k]! / norm - 1)).toBeLessThan(1e-12);
      expect(found!.norms).toHaveLength(wanted!.norms.length);
      expect({ ...found, norms: [], bound: [] }).toEqual({ ...wanted, norms: [], bound: [] });
    },
  );
});
