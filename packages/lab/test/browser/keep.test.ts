/** What the user keeps: figures that look the same elsewhere, and links that open on a panel. */
import { expect, test } from 'vitest';
import { decodeLink, encodeLink } from '../../src/shell/link.ts';
import { initialState } from '../../src/shell/state.ts';
import { inBrowsers } from './browsers.ts';
import type { Lab } from './lab.ts';

inBrowsers((openLab) => {
  test('a saved figure has its colors inside, and no variables of the page', async () => {
    const page = await openLab(encodeLink({ ...initialState, panel: 'throughTime' }));
    const text = await page.evaluate(async () => {
      await (globalThis as unknown as { lab: Lab }).lab.settled();
      const saved: Blob[] = [];
      URL.createObjectURL = (blob) => {
        saved.push(blob as Blob);
        return '#';
      };
      document.querySelector<HTMLElement>('.saves button')!.click();
      return saved[0]!.text();
    });
    expect(text).not.toContain('var(--');
    expect(text).toMatch(/<path[^>]*class="line"[^>]*stroke: ?rgb/);
    expect(page.problems).toEqual([]);
  });

  test('the link of Keep opens on the panel that was shown before it', async () => {
    const page = await openLab(encodeLink({ ...initialState, panel: 'oneStep' }));
    const url = await page.evaluate(async () => {
      const { lab } = globalThis as unknown as { lab: Lab };
      lab.change({ panel: 'keep' });
      await lab.settled();
      return document.querySelector<HTMLInputElement>('.keep input')!.value;
    });
    expect(decodeLink(new URL(url).hash)!.panel).toBe('oneStep');
  });
});
