/** Telling one process from another that has, or had, its number. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, for others to look for. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Where its number means something: the machine, and on Linux the namespace of its container. */
  readonly place: string;
  /** When it began, and in which run of the machine. Empty where the system does not tell. */
  readonly began: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, place: place(), began: beginningOf(process.pid) };
}

/**
 * Whether a process still runs: not if it ended, the machine restarted, or another process has its number. `unknown` for one of
 * another machine or container.
 */
export function stateOf(other: ProcessIdentity): 'running' | 'ended' | 'unknown' {
  if (other.place !== place()) return 'unknown';
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'ended';
  }
  const began = beginningOf(other.pid);
  return began === '' || other.began === '' || began === other.began ? 'running' : 'ended';
}

function place(): string {
  return `${hostname()} ${attempt(() => readlinkSync('/proc/self/ns/pid'))}`.trim();
}

function beginningOf(pid: number): string {
  if (process.platform === 'linux') {
    return attempt(() => {
      // Behind the name, which may hold anything: the state, and as the twentieth word the start in ticks since the machine's.
      const words = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      // A zombie has ended, and waits for its parent to hear of it.
      if (words[0] === 'Z') return 'ended';
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${words[19]}`;
    });
  }
  if (process.platform === 'win32') return '';
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  return attempt(() =>
    execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8', env }).trim(),
  );
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
