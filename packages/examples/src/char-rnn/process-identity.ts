/** Distinguishes processes that have, or had, the same number. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, as other processes identify it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** The scope of its number: the machine, and on Linux the process namespace of its container. */
  readonly place: string;
  /** When it began, and the boot of the machine. Empty if the system does not report it. */
  readonly began: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, place: place(), began: beginningOf(process.pid) };
}

/**
 * Whether a process is running. `ended` also if the machine restarted or another process has the
 * number. `unknown` for a process of another machine or container.
 */
export function stateOf(other: ProcessIdentity): 'running' | 'ended' | 'unknown' {
  if (other.place !== place()) return 'unknown';
  try {
    process.kill(other.pid, 0);
  } catch (error) {
    // EPERM: it runs as another user.
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
      // After the name, which may contain anything: the state, and as field 20 the start in ticks.
      const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      // A zombie has ended; its parent has not read its exit code yet.
      if (fields[0] === 'Z') return 'ended';
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${fields[19]}`;
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
