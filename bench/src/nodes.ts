/**
 * The Nodes that run the JavaScript contestants: the one that runs the bench, and a newer one
 * through npx if that is older.
 */
import { execFileSync } from 'node:child_process';

/** A Node to run contestants with. */
export interface NodeBinary {
  /** Its major version. */
  readonly major: string;
  readonly path: string;
  /** Why it is unavailable, and the cure. */
  readonly absent?: string;
}

const NEWER = '24';

/**
 * The running Node, and Node 24 if that is newer. It is located once and then started without npx.
 */
export function findNodes(): readonly NodeBinary[] {
  const major = process.versions.node.split('.')[0]!;
  const running: NodeBinary = { major, path: process.execPath };
  return Number(major) >= Number(NEWER) ? [running] : [running, newer()];
}

function newer(): NodeBinary {
  try {
    const output = execFileSync(
      'npx',
      ['-y', '-p', `node@${NEWER}`, '--', 'node', '-p', 'process.execPath'],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 300_000,
      },
    );
    return { major: NEWER, path: output.trim() };
  } catch {
    return {
      major: NEWER,
      path: '',
      absent: `npx could not install Node ${NEWER}; run the bench with it: npx -y -p node@${NEWER} -- node bench/dist/main.js`,
    };
  }
}
