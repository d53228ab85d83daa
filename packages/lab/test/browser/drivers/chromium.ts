/** Chromium, by Playwright. */
import { chromium, type Page as PlaywrightPage } from 'playwright-core';
import { type Browser, callOf, type Page } from './page.ts';

/** A page of Chromium also gives Playwright's, for emulation and axe. */
export interface ChromiumPage extends Page {
  readonly playwright: PlaywrightPage;
}

export interface ChromiumBrowser extends Browser {
  open(...args: Parameters<Browser['open']>): Promise<ChromiumPage>;
}

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];

export async function startChromium(executablePath: string): Promise<ChromiumBrowser> {
  const browser = await chromium.launch({ executablePath, args: ARGS });
  return {
    title: `Chromium ${browser.version()}`,
    async open(url, { width = 1280, height = 800 } = {}) {
      const context = await browser.newContext({ viewport: { width, height } });
      const page = await context.newPage();
      const problems: string[] = [];
      const requests: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      page.on('pageerror', ({ message }) => problems.push(message));
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(url);
      return {
        playwright: page,
        problems,
        requests,
        evaluate: async (body, ...args) => JSON.parse(await page.evaluate<string>(callOf(body, args))),
        async press(...keys) {
          for (const key of keys) await page.keyboard.press(key);
        },
        close: () => context.close(),
      };
    },
    close: () => browser.close(),
  };
}
