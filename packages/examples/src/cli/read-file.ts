/** Reads files that the user names. Each problem is reported in one line. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { UsageError } from './errors.ts';

/** Larger texts are no use to a character model here; V8's strings end at twice this size. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The bytes of a regular file.
 * @param role what the file is to the program, for messages: `the text`
 * @throws UsageError if it is missing, not readable, too large, a directory, a pipe or a device
 */
export function readRegularFile(file: string, role: string, mostBytes: number = MOST_BYTES): Buffer {
  try {
    // Without O_NONBLOCK, opening a pipe without a writer would block. (Windows has no such flag.)
    const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stat = fstatSync(descriptor);
      if (stat.isDirectory()) throw new UsageError(`${role} ${file}: expected a file, got a directory`);
      if (!stat.isFile()) {
        throw new UsageError(
          `${role} ${file}: expected a file, got a pipe or a device; save it to a file first`,
        );
      }
      if (stat.size > mostBytes) {
        throw new UsageError(`${role} ${file}: expected at most ${mostBytes} bytes, got ${stat.size}`);
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
  EEXIST: 'a file of that name exists',
  EISDIR: 'expected a file, got a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'disk quota exceeded',
  EFBIG: 'the file is larger than its limit here',
  EROFS: 'the file system is read-only',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  ENXIO: 'no such device',
};

/** An error of the file system as a {@link UsageError}. Returns any other error unchanged. */
export function fileError(error: unknown, what: string, verb: 'read' | 'write'): unknown {
  if (!(error instanceof Error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_INVALID_ARG_VALUE')
    return new UsageError(`cannot ${verb} ${what}: not a possible file name`);
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new UsageError(`cannot ${verb} ${what}: ${REASONS[code] ?? message}`);
}
