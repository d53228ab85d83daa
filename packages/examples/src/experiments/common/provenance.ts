/** What results were computed with. It is stored beside them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

export interface Provenance {
  /** Version of the package. */
  readonly version: string;
  /** Commit of the repository, with `-dirty` if files differ from it. Null outside a repository. */
  readonly commit: string | null;
  readonly runtime: string;
  readonly kernels: string;
  readonly processor: string;
  readonly threads: number;
}

/** The provenance of this process. @param kernels those that its threads used */
export function provenance(threads: number, kernels: string): Provenance {
  const root = new URL('../../../', import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  return {
    version,
    commit: commitOf(fileURLToPath(root)),
    runtime: `${process.release.name} ${process.version}`,
    kernels,
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    threads,
  };
}

/** The commit of a folder's files. */
function commitOf(folder: string): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    // A folder that git does not track may be inside another repository.
    if (git('ls-files', 'package.json') === '') return null;
    return git('describe', '--always', '--dirty', '--exclude', '*').trim();
  } catch {
    return null;
  }
}

/** One line of text. */
export function formatProvenance(made: Provenance): string {
  const { version, commit, runtime, kernels, processor, threads } = made;
  const program = `Chronograd ${version}${commit === null ? '' : `, commit ${commit}`}`;
  const machine = `${processor}, ${threads} thread${threads === 1 ? '' : 's'}`;
  return `${program}; ${runtime}, ${kernels} kernels, float32 by default; ${machine}`;
}
