/** The machine of the measurements. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { NodeBinary } from './nodes.ts';
import type { Peak } from './results.ts';

/** The processor's name in lower case with dashes: for file names. */
export function processorSlug(): string {
  const name = cpus()[0]?.model ?? 'unknown processor';
  return name
    .toLowerCase()
    .replace(/\(r\)|\(tm\)|processor|cpu|@.*$/g, ' ')
    .trim()
    .replace(/[^a-z0-9]+/g, '-');
}

/** More processes than this, and the figures are not reliable. */
const QUIET = 0.5;

/** A warning for a machine that runs other programs, or null. */
export function busyWarning(load: number = loadavg()[0]!): string | null {
  if (load <= QUIET) return null;
  return `warning: ${load.toFixed(2)} other processes were running over the last minute. End them: the figures depend on it`;
}

/** Processor, memory, system and load. Figures from a busy machine are not reliable. */
export function describeMachine(): Record<string, string> {
  const cores = cpus();
  return {
    processor: `${cores[0]?.model ?? 'unknown'}, ${cores.length} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    'load before the run': `${loadavg()[0]!.toFixed(2)} processes`,
  };
}

/**
 * The peak of vector units on the newest Node: see `fma-peak.mjs`. Null if it could not be
 * measured.
 */
export function measurePeak(nodes: readonly NodeBinary[]): Peak | null {
  const node = nodes.findLast((each) => each.absent === undefined);
  const text = node === undefined ? null : output(node.path, [here('../fma-peak.mjs'), '--json']);
  return text === null ? null : (JSON.parse(text) as Peak);
}

/** The measured commit, with a + if files differ from it. */
export function describeCommit(): string {
  const commit = output('git', ['rev-parse', '--short', 'HEAD']);
  if (commit === null) return 'unknown';
  return output('git', ['status', '--porcelain', '--', '../packages']) === '' ? commit : `${commit}+`;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

function output(command: string, args: readonly string[]): string | null {
  try {
    return execFileSync(command, args, {
      cwd: here('..'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
