/**
 * The lab, a page that checks, shows and trains cells, and the site around it:
 *
 *   lab.mjs [--port 5100]   builds both and serves them on this machine
 *   lab.mjs site            builds both into `packages/lab/dist-site`, and checks every link
 *   lab.mjs test            checks types, and runs the lab's tests in Node
 *   lab.mjs browser         runs those of the built files in Chromium, Firefox and WebKit
 *
 * More arguments are vitest's: files, `-t`.
 */
import './node-version.mjs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const lab = join(root, 'packages/lab');
const PNPM = 'pnpm@10.34.9';

const run = (command, args, options = {}) =>
  execFileSync(command, args, { cwd: lab, stdio: 'inherit', ...options });
const node = (...args) => run(process.execPath, args);

/** Installs what the lab needs, outside of the workspace. Takes a second if nothing changed. */
function install() {
  const args = ['install', '--ignore-workspace', '--frozen-lockfile', '--reporter=silent'];
  const npm = process.env.npm_execpath ?? '';
  if (/pnpm/.test(npm)) node(npm, ...args);
  else run('npx', ['-y', PNPM, ...args], { shell: process.platform === 'win32' });
}

const build = () => node('node_modules/vite/bin/vite.js', 'build');

function buildSite() {
  build();
  node('scripts/site.mjs');
}
const vitest = (project, args) =>
  node(join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project, ...args);

/** @param folder of `packages/lab` */
async function serve(folder, args) {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '5100' } } });
  const { serve } = await import('../packages/lab/scripts/serve.mjs');
  const { address } = await serve(join(lab, folder), { port: Number(values.port) });
  console.log(`\nThe lab: ${address}/lab/\nThe site: ${address}/`);
}

const COMMANDS = {
  async lab(args) {
    buildSite();
    await serve('dist-site', args);
  },
  site(args) {
    buildSite();
    vitest('site', args);
  },
  test(args) {
    node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
    vitest('node', args);
  },
  browser(args) {
    build();
    vitest('browser', args);
  },
};

const [first = 'lab', ...rest] = process.argv.slice(2);
const [name, args] = first in COMMANDS ? [first, rest] : ['lab', process.argv.slice(2)];
try {
  node(join(root, 'scripts/build.mjs'));
  install();
  await COMMANDS[name](args);
} catch (error) {
  // A program that was started has printed why.
  if (error.status === undefined) throw error;
  process.exitCode = 1;
}
