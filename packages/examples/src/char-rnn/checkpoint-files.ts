/**
 * The two files of a saved run, which are replaced together.
 *
 * `model-<hash>.safetensors` holds the tensors; its name has the first sixteen digits of its
 * SHA-256. `state.json` holds the rest, and the name and whole SHA-256 of the tensors file. A save
 * writes the new tensors beside the old ones, then replaces `state.json` in one rename, and then
 * removes the old tensors. Each file is flushed before its rename, and the directory after it. So a
 * killed process or a power cut leaves either the old state or the new one. Only one process saves
 * into a directory at a time: the holder of its lock (`folder-lock.ts`).
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../cli/errors.ts';
import { fileError, readRegularFile } from '../cli/read-file.ts';
import { type Disk, nodeDisk } from '../cli/write-file.ts';

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Checkpoint {
  /** Everything except tensors. */
  readonly state: Json;
  /** The bytes of a safetensors file. */
  readonly tensors: Uint8Array;
}

const FORMAT = 'chronograd-char-rnn';
const VERSION = 1;
export const STATE_FILE = 'state.json';
const MOST_TENSOR_BYTES = 2 ** 31 - 1;

/**
 * Saves into `directory`, replacing the saved run. Makes the directory if it does not exist.
 * @throws UsageError if writing fails; the saved run is then still intact
 * @throws TypeError if the state has a number that JSON cannot represent (NaN, an infinity)
 */
export function saveCheckpoint(directory: string, checkpoint: Checkpoint, disk: Disk = nodeDisk): void {
  const { state, tensors } = checkpoint;
  const sha256 = sha256Of(tensors);
  const tensorsFile = `model-${sha256.slice(0, 16)}.safetensors`;
  const content = {
    format: FORMAT,
    version: VERSION,
    tensors: { file: tensorsFile, sha256, bytes: tensors.length },
    state,
  };
  const text = JSON.stringify({ ...content, sha256: sha256Of(toJson(content)) }, null, 1);
  try {
    disk.makeDirectory(directory);
    replace(disk, directory, tensorsFile, tensors);
    replace(disk, directory, STATE_FILE, Buffer.from(`${text}\n`));
    for (const name of disk.list(directory)) {
      if (isOurs(name) && name !== tensorsFile) disk.remove(join(directory, name));
    }
  } catch (error) {
    throw fileError(error, `the model directory ${directory}`, 'write');
  }
}

/**
 * Reads what {@link saveCheckpoint} saved. Another process may save at the same time.
 * @throws UsageError if the directory or a file is missing, damaged, or has another format version
 */
export function readCheckpoint(directory: string): Checkpoint {
  const stateFile = join(directory, STATE_FILE);
  for (let bytes = readState(directory, stateFile); ; ) {
    try {
      return readAs(parseState(bytes, stateFile), directory, stateFile);
    } catch (error) {
      // Another process may have replaced both files. Then read the new ones.
      const now = readState(directory, stateFile);
      if (now.equals(bytes)) throw error;
      bytes = now;
    }
  }
}

/**
 * A hash of the state in a directory. It differs after every save.
 * @throws UsageError if there is none
 */
export function savedFingerprint(directory: string): string {
  return sha256Of(readState(directory, join(directory, STATE_FILE)));
}

function readState(directory: string, stateFile: string): Buffer {
  if (!existsSync(stateFile)) {
    throw new UsageError(`no saved model in ${directory} (there is no ${STATE_FILE}): train one there first`);
  }
  return readRegularFile(stateFile, 'the saved state');
}

function readAs({ tensors, state }: Content, directory: string, stateFile: string): Checkpoint {
  const file = join(directory, tensors.file);
  const bytes = readRegularFile(file, 'the saved model', MOST_TENSOR_BYTES);
  if (bytes.length !== tensors.bytes || sha256Of(bytes) !== tensors.sha256) {
    throw new UsageError(
      `the saved model ${file} is damaged: it is not the file that ${stateFile} describes`,
    );
  }
  return { state, tensors: bytes };
}

interface Content {
  readonly tensors: { readonly file: string; readonly sha256: string; readonly bytes: number };
  readonly state: Json;
}

function parseState(bytes: Uint8Array, file: string): Content {
  const parsed = parseJson(bytes, file);
  if (typeof parsed !== 'object' || parsed === null || parsed.format !== FORMAT) {
    throw new UsageError(`the saved state ${file}: expected the format ${FORMAT}, got another one`);
  }
  if (parsed.version !== VERSION) {
    const version = JSON.stringify(parsed.version) ?? 'missing';
    throw new UsageError(`the saved state ${file}: expected format version ${VERSION}, got ${version}`);
  }
  // JSON.stringify restores the text that was hashed: key order and digits survive the round trip.
  const { sha256, ...content } = parsed;
  const { tensors } = content;
  if (sha256 !== sha256Of(JSON.stringify(content)) || !isTensors(tensors)) {
    throw new UsageError(`the saved state ${file} is damaged: its checksum does not match`);
  }
  return { tensors, state: content.state as Json };
}

function parseJson(bytes: Uint8Array, file: string): Record<string, unknown> | null {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<
      string,
      unknown
    > | null;
  } catch {
    throw new UsageError(`the saved state ${file} is damaged: it is not JSON`);
  }
}

/** Checks the name too, which must not point outside the directory. */
function isTensors(value: unknown): value is Content['tensors'] {
  if (typeof value !== 'object' || value === null) return false;
  const { file, sha256, bytes } = value as Record<string, unknown>;
  return (
    typeof file === 'string' &&
    TENSORS_NAME.test(file) &&
    typeof sha256 === 'string' &&
    Number.isSafeInteger(bytes)
  );
}

/** The names of tensors files. */
export const TENSORS_NAME: RegExp = /^model-[0-9a-f]{16}\.safetensors$/;

/** Old tensors files, and temporary files of a killed save. Other files are never removed. */
function isOurs(name: string): boolean {
  return TENSORS_NAME.test(name.replace(/\.tmp$/, '')) || name === `${STATE_FILE}.tmp`;
}

/** Replaces a file in one rename. Removes the temporary file of a killed save, or a link, first. */
function replace(disk: Disk, directory: string, name: string, bytes: Uint8Array): void {
  const temporary = join(directory, `${name}.tmp`);
  disk.remove(temporary);
  try {
    disk.create(temporary, bytes);
    disk.syncFile(temporary);
    disk.rename(temporary, join(directory, name));
  } catch (error) {
    removeIfPossible(disk, temporary);
    throw error;
  }
  disk.syncDirectory(directory);
}

/** Cleans up after a failure, which is the error to report. */
export function removeIfPossible(disk: Disk, path: string): void {
  try {
    disk.remove(path);
  } catch {
    // The first failure is reported.
  }
}

function toJson(value: Json): string {
  return JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) {
      throw new TypeError(`saveCheckpoint: the state's ${key} is ${item}, which JSON cannot hold`);
    }
    return item;
  });
}

function sha256Of(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}
