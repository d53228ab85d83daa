/**
 * The lab: a page that checks, shows and trains cells. `lab.mjs` builds it and serves it on this
 * machine (`--port 5100`). `lab.mjs test` runs its tests in Node, `lab.mjs browser` those of the
 * built files in Chromium, Firefox and WebKit. More arguments are vitest's: files, `-t`.
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
const vitest = (project, args) =>
  node(join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--project', project, ...args);

async function serve(args) {
  const { values } = parseArgs({ args, options: { port: { type: 'string', default: '5100' } } });
  const { serve } = await import('../packages/lab/scripts/serve.mjs');
  const { address } = await serve(join(lab, 'dist'), { port: Number(values.port) });
  console.log(`\nThe lab: ${address}/`);
}

const COMMANDS = {
  async lab(args) {
    build();
    await serve(args);
  },
  test: (args) => vitest('node', args),
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
