/** The browsers of the test: their paths, and how each opens an address without a window. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Keeps Firefox from asking its vendor's servers for updates, settings and network status. */
export const FIREFOX_SETTINGS = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
};

const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian keeps it in a folder named after the processor. */
function miniBrowser() {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : [];
  const paths = folders.map((folder) => `/usr/lib/${folder}/webkit2gtk-4.1/MiniBrowser`);
  return paths.find((path) => existsSync(path)) ?? '/usr/lib/…/webkit2gtk-4.1/MiniBrowser';
}

/**
 * `args` open an address with a profile, which is a folder. `display` runs a program that needs a
 * window. `packages` are Debian's.
 */
export const browsers = [
  {
    name: 'Chromium',
    variable: 'CHROMIUM_PATH',
    path: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    packages: 'chromium',
    args: (profile, url) => [...CHROMIUM_FLAGS, `--user-data-dir=${profile}`, url],
  },
  {
    name: 'Firefox',
    variable: 'FIREFOX_PATH',
    path: process.env.FIREFOX_PATH ?? '/usr/bin/firefox-esr',
    packages: 'firefox-esr',
    args(profile, url) {
      const settings = Object.entries(FIREFOX_SETTINGS).map(
        ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
      );
      writeFileSync(join(profile, 'user.js'), settings.join(''));
      return ['--headless', '--no-remote', '--profile', profile, url];
    },
  },
  {
    name: 'WebKit',
    variable: 'WEBKIT_PATH',
    path: process.env.WEBKIT_PATH ?? miniBrowser(),
    display: '/usr/bin/xvfb-run',
    packages: 'webkit2gtk-driver xvfb xauth',
    args: (_profile, url) => ['--private', url],
  },
];

/** Paths that a browser needs and that do not exist. */
export const absent = ({ path, display = path }) =>
  [...new Set([path, display])].filter((each) => !existsSync(each));

/** The program that runs a browser with these arguments, and the program's arguments. */
const command = ({ path, display }, args) =>
  display === undefined ? [path, args] : [display, ['--auto-servernum', path, ...args]];

/** Name and version, as the program reports it. */
export function titleOf(browser) {
  const said = execFileSync(...command(browser, ['--version']), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return `${browser.name} ${said.match(/\d+(\.\d+)+/)?.[0] ?? '(unknown version)'}`;
}

/**
 * Opens an address. If the browser exits, calls `ended` with the end of its output.
 * @returns a function that closes it
 */
export function open(browser, url, ended) {
  const profile = mkdtempSync(join(tmpdir(), 'browser-test-'));
  const child = spawn(...command(browser, browser.args(profile, url)), {
    detached: true, // a separate process group: a browser is many processes
    env: { ...process.env, HOME: profile, TMPDIR: profile },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (text) => {
    said = (said + text).slice(-2_000);
  });
  const exit = new Promise((resolve) => child.on('exit', resolve));
  exit.then(() => ended(said));
  const kill = () => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid);
  };
  process.once('exit', kill);
  return async () => {
    process.off('exit', kill);
    kill();
    await exit;
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
}
