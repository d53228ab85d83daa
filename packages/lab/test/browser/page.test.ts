/** The page itself: sizes, widths, keyboard, accessibility, and that nothing leaves its origin. */
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { MOST_FIRST, sizesOf } from '../../scripts/sizes.mjs';
import { encodeLink } from '../../src/shell/link.ts';
import { initialState } from '../../src/shell/state.ts';
import { inBrowsers, inChromium } from './browsers.ts';
import { type Lab, panelsOf, resultsOf } from './lab.ts';

test('the first load has at most 450 KB, gzipped', () => {
  expect(sizesOf(fileURLToPath(new URL('../../dist', import.meta.url))).total).toBeLessThan(MOST_FIRST);
});

inBrowsers((openLab) => {
  test.each([375, 800, 1280])('no panel is wider than the page at %i pixels', async (width) => {
    const page = await openLab('', { width });
    const wide = await page.evaluate(async () => {
      const { lab } = globalThis as unknown as { lab: Lab };
      const found: string[] = [];
      for (const panel of lab.panels) {
        lab.change({ panel });
        await lab.settled();
        const { scrollWidth, clientWidth } = document.documentElement;
        if (scrollWidth > clientWidth) found.push(`${panel}: ${scrollWidth} > ${clientWidth}`);
      }
      return found;
    });
    expect(wide).toEqual([]);
    expect(page.problems).toEqual([]);
  });

  test('the program of a link waits until it is run', async () => {
    const [cell] = initialState.cells;
    const cells = [{ name: 'Mine', code: `${cell!.code}// mine\n` }];
    const page = await openLab(encodeLink({ ...initialState, cells }));
    const before = await resultsOf(page, 'verdict');
    expect(before.events).toEqual([]);
    await page.evaluate(() => document.querySelector<HTMLElement>('.notice button')!.click());
    const { events, error } = await resultsOf(page, 'verdict');
    expect(error).toBeNull();
    expect(events.length).toBeGreaterThan(8);
    const shown = await page.evaluate(() => (globalThis as unknown as { lab: Lab }).lab.state.cells);
    expect(shown).toEqual(cells);
  });

  test('a narrow page shows the program of a link first, and its verdict after Run', async () => {
    const [cell] = initialState.cells;
    const cells = [{ name: 'Mine', code: `${cell!.code}// mine\n` }];
    const page = await openLab(encodeLink({ ...initialState, cells }), { width: 375 });
    const visible = (): Promise<boolean[]> =>
      page.evaluate(() =>
        ['.cell', 'main'].map((name) => getComputedStyle(document.querySelector(name)!).display !== 'none'),
      );
    expect(await visible()).toEqual([true, false]);
    await page.evaluate(() => document.querySelector<HTMLElement>('.notice button')!.click());
    expect(await visible()).toEqual([false, true]);
  });

  test('keys that are typed faster than the page renders are all kept, and the page goes on', async () => {
    const page = await openLab();
    await resultsOf(page, 'verdict');
    await page.evaluate(() => document.querySelector<HTMLElement>('.cm-content')!.focus());
    await page.press(...'/* a few words */');
    const shown = (): Promise<string> =>
      page.evaluate(() => document.querySelector<HTMLElement>('.cm-content')!.textContent!);
    await expect.poll(shown).toContain('/* a few words */');
    const { error } = await resultsOf(page, 'verdict');
    expect(error).toBeNull();
    const { code } = await page.evaluate(() => (globalThis as unknown as { lab: Lab }).lab.state.cells[0]!);
    expect(code).toContain('/* a few words */');
  });

  test('Cell, Verdict and Train can be reached and used with the keyboard alone', async () => {
    const page = await openLab();
    const focused = (): Promise<string> =>
      page.evaluate(() => {
        const { activeElement: e } = document;
        return e?.getAttribute('aria-label') ?? e?.textContent?.trim() ?? '';
      });
    /** Presses Tab until what has the focus matches. */
    const reach = async (wanted: RegExp): Promise<void> => {
      const seen: string[] = [];
      for (let i = 0; i < 60; i++) {
        await page.press('Tab');
        const now = await focused();
        if (wanted.test(now)) return;
        seen.push(now);
      }
      throw new Error(`no ${wanted} in ${seen.join(' | ')}`);
    };
    await reach(/^The cell in TypeScript$/);
    await page.press('x');
    await page.press('Escape'); // then Tab leaves the editor
    expect((await resultsOf(page, 'verdict')).error).not.toBeNull();
    await page.press('Control+z');
    expect((await resultsOf(page, 'verdict')).error).toBeNull();
    await page.press('Escape');
    await reach(/shapes/);
    await page.press('Enter');
    expect(await page.evaluate(() => document.querySelector('.details')?.textContent)).toMatch(/holds/);
    await page.evaluate(() => document.querySelector<HTMLElement>('h1 a')!.focus());
    await reach(/^Train$/);
    await page.press('Enter');
    await resultsOf(page, 'verdict');
    await reach(/^Train$/);
    await page.press('Enter');
    const text = (): Promise<string> => page.evaluate(() => document.querySelector('main')!.textContent!);
    await expect.poll(text, { timeout: 60_000 }).toMatch(/Pause/);
    expect(page.problems).toEqual([]);
  });
});

inChromium((openLab) => {
  test('nothing leaves the origin of the page, and an open page works offline', async () => {
    const page = await openLab();
    await page.evaluate(() => (globalThis as unknown as { lab: Lab }).lab.whole());
    await page.playwright.context().setOffline(true);
    for (const panel of await panelsOf(page)) {
      const { error } = await resultsOf(page, 'verdict', { panel });
      expect(error).toBeNull();
    }
    const origin = new URL(page.playwright.url()).origin;
    const foreign = page.requests.filter(
      (url) => !url.startsWith(`${origin}/`) && !/^(blob|data|about):/.test(url),
    );
    expect(foreign).toEqual([]);
    expect(page.problems).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('axe finds no problem in any panel, %s', async (colorScheme) => {
    const opened = await openLab();
    const { playwright: page, evaluate } = opened;
    await page.emulateMedia({ colorScheme });
    const found: string[] = [];
    for (const panel of await panelsOf(opened)) {
      await evaluate(async (panel) => {
        const { lab } = globalThis as unknown as { lab: Lab };
        lab.change({ panel });
        await lab.settled();
      }, panel);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, nodes } of violations) found.push(`${panel}: ${id}: ${nodes[0]!.html.slice(0, 200)}`);
    }
    expect(found).toEqual([]);
  });
});
