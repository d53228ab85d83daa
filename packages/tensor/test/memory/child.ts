/**
 * Child processes, for what is only visible from outside. They run the built package, which the
 * test command builds first.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../../dist/index.js', import.meta.url);

/**
 * Runs a script of `children/` in a separate Node and reads the JSON that it prints.
 * @param flags for Node. @param args for the script.
 */
export function child(script: string, flags: readonly string[] = [], args: readonly string[] = []): unknown {
  if (!existsSync(built))
    throw new Error('the package is not built: run "pnpm build", or the tests by "pnpm test"');
  const path = fileURLToPath(new URL(`./children/${script}`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [...flags, path, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}
