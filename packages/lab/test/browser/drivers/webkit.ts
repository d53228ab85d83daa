/** WebKit, by its WebDriver. It needs a display, which `xvfb-run` makes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { actionsOf, type Browser, callOf, type Page } from './page.ts';

const DRIVER = '/usr/bin/WebKitWebDriver';
/** Milliseconds for a script in the page. */
const PATIENCE = 300_000;

export async function startWebKit(binary: string, display: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'lab-webkit-'));
  const port = await freePort();
  const child = spawn(display, ['--auto-servernum', DRIVER, `--port=${port}`], {
    detached: true, // a separate process group: display, driver and browser
    stdio: 'ignore',
    env: { ...process.env, HOME: profile },
  });
  const driver = `http://127.0.0.1:${port}`;
  for (let tries = 0; !(await ready(driver)); tries++) {
    if (tries === 100) throw new Error('WebKitWebDriver does not answer');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const options = { binary, args: ['--automation'] };
  const { sessionId, capabilities } = await send<{
    sessionId: string;
    capabilities: { browserVersion: string };
  }>('POST', `${driver}/session`, { capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': options } } });
  const session = `${driver}/session/${sessionId}`;
  await send('POST', `${session}/timeouts`, { script: PATIENCE });
  return {
    title: `WebKit ${capabilities.browserVersion}`,
    open: (url, options) => openPage(session, url, options),
    async close() {
      const exit = new Promise((resolve) => child.once('exit', resolve));
      await send('DELETE', session);
      process.kill(-child.pid!);
      await exit;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

async function openPage(
  session: string,
  url: string,
  { width = 1280, height = 800 }: Parameters<Browser['open']>[1] = {},
): Promise<Page> {
  await send('POST', `${session}/window/rect`, { width, height });
  await send('POST', `${session}/url`, { url });
  return {
    problems: [],
    requests: [],
    async evaluate(body, ...args) {
      const script = `const done = arguments[0]; ${callOf(body, args)}.then((value) => done({ value }), (error) => done({ error: String(error) }));`;
      const { value, error } = await send<{ value?: string; error?: string }>(
        'POST',
        `${session}/execute/async`,
        { script, args: [] },
      );
      if (error !== undefined) throw new Error(error);
      return JSON.parse(value!);
    },
    async press(...keys) {
      await send('POST', `${session}/actions`, { actions: actionsOf(keys) });
    },
    async close() {
      await send('POST', `${session}/url`, { url: 'about:blank' });
    },
  };
}

async function send<T = unknown>(method: string, url: string, body?: object): Promise<T> {
  const response = await fetch(url, body === undefined ? { method } : { method, body: JSON.stringify(body) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}

const ready = (driver: string): Promise<boolean> =>
  fetch(`${driver}/status`).then(
    ({ ok }) => ok,
    () => false,
  );

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
