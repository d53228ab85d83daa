/** Reads files that the user names. Each problem is reported in one line. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { UsageError } from './errors.ts';

/** V8's strings end at twice this size. Texts are read in parts. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The bytes of a regular file.
 * @param role what the file is to the program, for messages: `the text`
 * @throws UsageError if it is missing, not readable, too large, a directory, a pipe or a device
 */
export function readRegularFile(file: string, role: string, mostBytes: number = MOST_BYTES): Buffer {
  try {
    const { descriptor, size } = openRegularFile(file, role);
    try {
      if (size > mostBytes) {
        throw new UsageError(`${role} ${file}: expected at most ${mostBytes} bytes, got ${size}`);
      }
      return size === 0 ? Buffer.alloc(0) : readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw readingError(error, file, role);
  }
}

/** A part of a file. */
export interface FilePart {
  readonly bytes: Uint8Array;
  /** Bytes of the file up to the end of this part, and in all. */
  readonly end: number;
  readonly size: number;
}

const PART_BYTES = 4 * 1024 * 1024;

/**
 * The bytes of a regular file of any size, in parts. The next part may overwrite this one.
 * @param partBytes the bytes of a part. Default: 4 MiB
 * @throws UsageError as {@link readRegularFile}
 */
export function* readInParts(
  file: string,
  role: string,
  partBytes: number = PART_BYTES,
): Generator<FilePart, void, void> {
  try {
    const { descriptor, size } = openRegularFile(file, role);
    try {
      const buffer = Buffer.alloc(Math.min(size, partBytes));
      for (let end = 0; end < size; ) {
        const read = readSync(descriptor, buffer, 0, buffer.length, end);
        if (read === 0) return;
        end += read;
        yield { bytes: buffer.subarray(0, read), end, size };
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw readingError(error, file, role);
  }
}

function openRegularFile(file: string, role: string): { descriptor: number; size: number } {
  // Without O_NONBLOCK, opening a pipe without a writer would block. (Windows has no such flag.)
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  const stat = fstatSync(descriptor);
  if (stat.isFile()) return { descriptor, size: stat.size };
  closeSync(descriptor);
  const got = stat.isDirectory() ? 'a directory' : 'a pipe or a device; save it to a file first';
  throw new UsageError(`${role} ${file}: expected a file, got ${got}`);
}

function readingError(error: unknown, file: string, role: string): unknown {
  return error instanceof UsageError ? error : fileError(error, `${role} ${file}`, 'read');
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
