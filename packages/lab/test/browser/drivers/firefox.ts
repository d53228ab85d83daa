/** Firefox, by WebDriver BiDi: the protocol that it serves itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { FIREFOX_SETTINGS } from '../../../../../scripts/browser-test/browsers.mjs';
import { actionsOf, type Browser, callOf, type Page } from './page.ts';

type Fields = Readonly<Record<string, unknown>>;
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly message?: string;
}

/** A connection: commands and their answers, and events. */
class Connection {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: Message) => void>();
  onEvent: (method: string, params: Fields) => void = () => {};

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text) => {
      const message: Message = JSON.parse(String(text));
      if (message.method !== undefined) this.onEvent(message.method, message.params ?? {});
      else this.#waiting.get(message.id!)?.(message);
    });
  }

  send(method: string, params: Fields): Promise<Fields> {
    const id = this.#waiting.size + 1;
    this.#socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, message }) =>
        result === undefined ? reject(new Error(`${method}: ${message}`)) : resolve(result),
      );
    });
  }
}

export async function startFirefox(path: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'lab-firefox-'));
  const settings = Object.entries(FIREFOX_SETTINGS).map(
    (pair) => `user_pref(${pair.map((x) => JSON.stringify(x))});\n`,
  );
  writeFileSync(join(profile, 'user.js'), settings.join(''));
  const args = ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile];
  const child = spawn(path, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: profile },
  });
  const socket = new WebSocket(`${await addressOf(child)}/session`);
  await new Promise((resolve) => socket.once('open', resolve));
  const connection = new Connection(socket);
  const { capabilities } = await connection.send('session.new', { capabilities: {} });
  await connection.send('session.subscribe', { events: ['log.entryAdded', 'network.beforeRequestSent'] });
  return {
    title: `Firefox ${(capabilities as { browserVersion: string }).browserVersion}`,
    open: (url, options) => openPage(connection, url, options),
    async close() {
      const exit = new Promise((resolve) => child.once('exit', resolve));
      await connection.send('browser.close', {});
      await exit;
      rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

const addressOf = ({ stderr }: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = '';
    stderr!.on('data', (text) => {
      said += text;
      const found = said.match(/listening on (ws:\S+)/);
      if (found !== null) resolve(found[1]!);
    });
    stderr!.on('end', () => reject(new Error(`Firefox ended: ${said.slice(-1000)}`)));
  });

async function openPage(
  connection: Connection,
  url: string,
  { width = 1280, height = 800 }: Parameters<Browser['open']>[1] = {},
): Promise<Page> {
  const { context } = await connection.send('browsingContext.create', { type: 'tab' });
  const problems: string[] = [];
  const requests: string[] = [];
  connection.onEvent = (method, params) => {
    if (method === 'log.entryAdded' && params.level === 'error') problems.push(String(params.text));
    if (method === 'network.beforeRequestSent') requests.push((params.request as { url: string }).url);
  };
  await connection.send('browsingContext.setViewport', { context, viewport: { width, height } });
  await connection.send('browsingContext.navigate', { context, url, wait: 'complete' });
  return {
    problems,
    requests,
    async evaluate(body, ...args) {
      const expression = callOf(body, args);
      const target = { context };
      const { result, exceptionDetails } = await connection.send('script.evaluate', {
        expression,
        target,
        awaitPromise: true,
      });
      if (exceptionDetails !== undefined) throw new Error((exceptionDetails as { text: string }).text);
      return JSON.parse((result as { value: string }).value);
    },
    async press(...keys) {
      await connection.send('input.performActions', { context, actions: actionsOf(keys) });
    },
    async close() {
      await connection.send('browsingContext.close', { context });
    },
  };
}
