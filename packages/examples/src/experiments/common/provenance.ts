/** What results were made with: kept beside them, for whoever draws them later and elsewhere. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { kernelsInUse } from '@chronograd/tensor';

export interface Provenance {
  /** Of the package. */
  readonly version: string;
  /** Of the repository, `-dirty` where files differ from it; null where there is none. */
  readonly commit: string | null;
  readonly runtime: string;
  readonly kernels: string;
  readonly processor: string;
  readonly threads: number;
}

/** Of this process. */
export function provenance(threads: number): Provenance {
  const root = new URL('../../../', import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };
  return {
    version,
    commit: commitOf(fileURLToPath(root)),
    runtime: `${process.release.name} ${process.version}`,
    kernels: kernelsInUse(),
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    threads,
  };
}

/** The commit that a folder's files are of. */
function commitOf(folder: string): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    // A folder that git does not know may still lie in someone else's repository.
    if (git('ls-files', 'package.json') === '') return null;
    return git('describe', '--always', '--dirty', '--exclude', '*').trim();
  } catch {
    return null;
  }
}

/** In a sentence. */
export function provenanceWords({
  version,
  commit,
  runtime,
  kernels,
  processor,
  threads,
}: Provenance): string {
  const made = `Chronograd ${version}${commit === null ? '' : `, commit ${commit}`}`;
  return `${made}; ${runtime}, ${kernels} kernels, float32 unless said; ${processor}, ${threads} thread${threads === 1 ? '' : 's'}`;
}
