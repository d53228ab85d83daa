/**
 * Prints times of the built page in Chromium: first paint, first light, and 20 edits from the last
 * key to the first light and to the whole verdict. Run `pnpm lab:browser` or `pnpm lab` before.
 */
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { browsers } from '../../../scripts/browser-test/browsers.mjs';
import { serve } from './serve.mjs';

const EDITS = 20;

/** Times of an edit, in the page. */
async function timesOfEdit(edit) {
  const { lab } = globalThis;
  const [cell] = lab.state.cells;
  const start = performance.now();
  const before = lab.results.verdict.events;
  lab.change({ cells: [{ ...cell, code: `${cell.code}// ${edit}\n` }] });
  let first = null;
  for (;;) {
    const { events, busy } = lab.results.verdict;
    const now = performance.now() - start;
    if (first === null && events !== before && events.length > 1) first = now;
    if (first !== null && !busy) return { first, all: now };
    await new Promise((done) => setTimeout(done, 2));
  }
}

/** Times of the first load, in the page: the page's paint, and the first light of its verdict. */
async function timesOfLoad() {
  const { lab } = globalThis;
  while ((lab.results.verdict?.events.length ?? 0) < 2) await new Promise((done) => setTimeout(done, 2));
  const light = performance.now();
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  await lab.settled();
  return { paint: paint?.startTime ?? Number.NaN, light };
}

const site = await serve(fileURLToPath(new URL('../dist', import.meta.url)));
const { path } = browsers.find(({ name }) => name === 'Chromium');
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
await page.goto(site.address);
const load = await page.evaluate(timesOfLoad);
await page.evaluate(() => globalThis.lab.whole());
const edits = [];
for (let i = 0; i < EDITS; i++) edits.push(await page.evaluate(timesOfEdit, i));
await browser.close();
site.close();

const shown = (ms) => `${Math.round(ms)} ms`;
const spread = (key) => {
  const sorted = edits.map((edit) => edit[key]).sort((a, b) => a - b);
  return `median ${shown((sorted[EDITS / 2 - 1] + sorted[EDITS / 2]) / 2)}, ${shown(sorted[0])} to ${shown(sorted.at(-1))}`;
};
console.log(`First paint ${shown(load.paint)}, first light ${shown(load.light)} after the page's start`);
console.log(`From the last key, ${EDITS} edits of GRU; 300 ms of it are the pause:`);
console.log(`  first light: ${spread('first')}`);
console.log(`  all laws:    ${spread('all')}`);
