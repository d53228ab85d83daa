/**
 * Trains in a background tab of Chromium for some minutes, again and again, and prints its memory.
 * Then it measures how long Stop takes. After a build:
 *
 *     node packages/lab/scripts/soak.mjs --minutes 10
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { browsers } from '../../../scripts/browser-test/browsers.mjs';
import { serve } from './serve.mjs';

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, stops: { type: 'string', default: '20' } },
});
const { path } = browsers.find(({ name }) => name === 'Chromium');
const site = await serve(fileURLToPath(new URL('../dist', import.meta.url)));
const browser = await chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu'] });
const context = await browser.newContext();
const page = await context.newPage();
await page.goto(`${site.address}/`);
await page.waitForFunction(() => globalThis.lab);

/** Megabytes of the page's heap, after a collection, and of the processes that draw pages. */
async function memory(devtools) {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return { page: usedSize / 2 ** 20, processes: residentMegabytes() };
}

/** Of the processes below this one that draw pages and run their workers. */
function residentMegabytes() {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const fields = new Map(ids.map((id) => [id, textOf(`/proc/${id}/status`)]));
  const numberIn = (id, name) => /\d+/.exec(fields.get(id)?.split(`${name}:`)[1] ?? '')?.[0];
  const isBelow = (id) => id !== undefined && (id === `${process.pid}` || isBelow(numberIn(id, 'PPid')));
  const pages = ids.filter((id) => textOf(`/proc/${id}/cmdline`).includes('--type=renderer') && isBelow(id));
  return pages.reduce((sum, id) => sum + Number(numberIn(id, 'VmRSS') ?? 0), 0) / 1024;
}

/** Empty for a process that has ended. */
function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Whether more updates are shown than this. */
const updated = (count) => Number(document.querySelector('.train td')?.textContent ?? 0) > count;
const train = { task: 'text', hiddenSize: 32 };
await page.evaluate((train) => {
  const { state, change } = globalThis.lab;
  change({ panel: 'train', train: { ...state.train, ...train } });
}, train);

await page.waitForSelector('.train .primary');
await page.click('.train .primary');
await page.waitForFunction(updated, 100);
await page.evaluate(() => {
  globalThis.runs = 1;
  setInterval(() => {
    const button = document.querySelector('.train .primary');
    if (button?.textContent !== 'Train again') return;
    globalThis.runs++;
    button.click();
  }, 200);
});
const front = await context.newPage();
await front.bringToFront();
const devtools = await context.newCDPSession(page);
console.log('seconds  heap of the page  processes');
const begin = Date.now();
const seconds = 60 * Number(values.minutes);
for (let at = 0; at <= seconds; at += Math.min(30, seconds / 4)) {
  await new Promise((done) => setTimeout(done, Math.max(0, begin + 1000 * at - Date.now())));
  const now = await memory(devtools);
  const columns = [at.toFixed(0), `${now.page.toFixed(1)} MB`, `${now.processes.toFixed(0)} MB`];
  console.log(columns.map((each, i) => each.padStart([7, 16, 10][i])).join('  '));
}

await front.close();
await page.bringToFront();
await new Promise((done) => setTimeout(done, 1000));
console.log(
  `${await page.evaluate(() => globalThis.runs)} trainings of ${await page.evaluate(() => globalThis.lab.state.train.updates)} updates`,
);
const times = [];
for (let i = 0; i < Number(values.stops); i++) {
  if (i > 0) {
    await page.click('.train .primary');
    await page.waitForFunction(updated, 3);
  }
  await page.waitForFunction(() => document.querySelector('.train .primary').textContent === 'Pause');
  const closed = Promise.race(
    page.workers().map((worker) => new Promise((done) => worker.once('close', done))),
  );
  const from = performance.now();
  await page.evaluate(() =>
    [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Stop').click(),
  );
  await closed;
  times.push(performance.now() - from);
}
times.sort((a, b) => a - b);
const median = times[Math.floor(times.length / 2)];
console.log(
  `Stop: ${times.length} times, median ${median.toFixed(0)} ms, longest ${times.at(-1).toFixed(0)} ms until the worker has ended`,
);
await browser.close();
site.close();
