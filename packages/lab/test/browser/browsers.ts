/** The three browsers, and tests that run in each of them. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { absent, browsers } from '../../../../scripts/browser-test/browsers.mjs';
import { serve } from '../../scripts/serve.mjs';
import { type ChromiumPage, startChromium } from './drivers/chromium.ts';
import { startFirefox } from './drivers/firefox.ts';
import type { Browser, Page, PageOptions } from './drivers/page.ts';
import { startWebKit } from './drivers/webkit.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/** Opens the lab, with the hash of a link. The page is closed after the test. */
export type OpenLab<P extends Page = Page> = (hash?: string, options?: PageOptions) => Promise<P>;

const STARTS: Readonly<Record<string, (path: string, display: string) => Promise<Browser>>> = {
  Chromium: startChromium,
  Firefox: startFirefox,
  WebKit: startWebKit,
};

/**
 * Declares tests for each installed browser. Others are reported as skipped, with the package to
 * install.
 * @param only Default: all three.
 */
export function inBrowsers(
  declare: (openLab: OpenLab) => void,
  only: readonly string[] = Object.keys(STARTS),
): void {
  for (const entry of browsers.filter(({ name }) => only.includes(name))) {
    const { name, path, display = '', packages } = entry;
    if (absent(entry).length > 0) {
      describe.skip(`${name} (not run: apt-get install ${packages})`, () => test('is installed'));
      continue;
    }
    describe(name, () => {
      let browser: Browser;
      let site: Awaited<ReturnType<typeof serve>>;
      const pages: Page[] = [];
      beforeAll(async () => {
        [browser, site] = [await STARTS[name]!(path, display), await serve(DIST)];
      });
      afterAll(async () => {
        for (const page of pages) await page.close();
        await browser.close();
        site.close();
      });
      declare(async (hash = '', options = {}) => {
        while (pages.length > 0) await pages.pop()!.close();
        const page = await browser.open(`${site.address}/${hash === '' ? '' : `#${hash}`}`, options);
        pages.push(page);
        return page;
      });
    });
  }
}

/** Tests that need Playwright: emulation, axe. */
export const inChromium = (declare: (openLab: OpenLab<ChromiumPage>) => void): void =>
  inBrowsers(declare as (openLab: OpenLab) => void, ['Chromium']);
