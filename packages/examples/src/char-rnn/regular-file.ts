/** Reading a file that a person named: whatever is wrong with it is said in one line. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { UsageError } from './usage-error.ts';

/** Above this a text is not something a character model of this program learns from, and V8's strings end at twice as much. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The bytes of a regular file.
 *
 * @param role - what the file is to the program, as the message should say it: `the text`
 * @throws UsageError if it is missing, not readable, a directory, special (a pipe, a device: those may never end) or too large
 */
export function readRegularFile(file: string, role: string, mostBytes: number = MOST_BYTES): Buffer {
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever. (Windows has no such flag, nor such pipes.)
    const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = fstatSync(descriptor);
      if (stat.isDirectory()) throw new UsageError(`${role} ${file} is a directory, expected a file`);
      if (!stat.isFile()) {
        throw new UsageError(`${role} ${file} is a pipe or a device, expected a file: save it to one first`);
      }
      if (stat.size > mostBytes) {
        throw new UsageError(`${role} ${file} has ${stat.size} bytes, more than the ${mostBytes} allowed`);
      }
      return stat.size === 0 ? Buffer.alloc(0) : readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw fileError(error, `${role} ${file}`, 'read');
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'is a directory, expected a file',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'the file is larger than its limit here',
  EROFS: 'the file system is read-only',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  ENXIO: 'is a device with nothing behind it',
};

/** What went wrong with a file as a {@link UsageError}; an error that is no file system's is returned as it came. */
export function fileError(error: unknown, what: string, verb: 'read' | 'write'): unknown {
  if (!(error instanceof Error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_INVALID_ARG_VALUE')
    return new UsageError(`cannot ${verb} ${what}: not a possible file name`);
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new UsageError(`cannot ${verb} ${what}: ${REASONS[code] ?? message}`);
}
