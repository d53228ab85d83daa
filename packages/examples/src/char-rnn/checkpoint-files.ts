/**
 * A saved run: a directory with two files that belong together, replaced as one.
 *
 * `model-<hash>.safetensors` holds the tensors and carries the first sixteen digits of its SHA-256 in its name; `state.json` holds
 * the rest and names the tensors file with its whole SHA-256. A save writes the new tensors beside the old, then replaces
 * `state.json` in one rename: that is the moment from which the new state counts. Only then do the old tensors go. So a process
 * killed anywhere, and a power cut (each file is flushed before its rename, the directory after it), leave either the old state
 * whole or the new. One process at a time may save into a directory: whoever saves holds its lock (`folder-lock.ts`).
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckpointDisk, nodeDisk } from './checkpoint-disk.ts';
import { fileError, readRegularFile } from './regular-file.ts';
import { UsageError } from './usage-error.ts';

/** What JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export interface Checkpoint {
  /** Everything that is not a tensor; the program knows its fields. */
  readonly state: Json;
  /** The bytes of a safetensors file. */
  readonly tensors: Uint8Array;
}

const FORMAT = 'chronograd-char-rnn';
const VERSION = 1;
export const STATE_FILE = 'state.json';
const MOST_TENSOR_BYTES = 2 ** 31 - 1;

/**
 * Saves into `directory`, which is made where it is missing, in place of what was saved there before.
 * @throws UsageError if the disk refuses; what was saved before is then still whole
 * @throws TypeError if the state holds a number that JSON has no word for (NaN, an infinity)
 */
export function saveCheckpoint(
  directory: string,
  checkpoint: Checkpoint,
  disk: CheckpointDisk = nodeDisk,
): void {
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
 * Reads what {@link saveCheckpoint} saved. A save that goes on in another process meanwhile does no harm.
 * @throws UsageError if the directory or a file is missing, damaged, or of another format version
 */
export function readCheckpoint(directory: string): Checkpoint {
  const stateFile = join(directory, STATE_FILE);
  for (let bytes = readState(directory, stateFile); ; ) {
    try {
      return readAs(parseState(bytes, stateFile), directory, stateFile);
    } catch (error) {
      // The tensors that the state names may just have been replaced, and the state with them: then the new ones are read.
      const now = readState(directory, stateFile);
      if (now.equals(bytes)) throw error;
      bytes = now;
    }
  }
}

/**
 * A fingerprint of what is saved in a directory: another after every save.
 * @throws UsageError if nothing is
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
    throw new UsageError(`the saved state ${file} is no saved character RNN (its format is not ${FORMAT})`);
  }
  if (parsed.version !== VERSION) {
    const version = JSON.stringify(parsed.version) ?? 'missing';
    throw new UsageError(
      `the saved state ${file} has format version ${version}, this program reads ${VERSION}`,
    );
  }
  // The hash is over the rest as JSON.stringify writes it, which is what it was parsed from: the order of keys and the digits
  // of numbers survive the round trip.
  const { sha256, ...content } = parsed;
  const { tensors } = content;
  if (sha256 !== sha256Of(JSON.stringify(content)) || !isTensors(tensors)) {
    throw new UsageError(`the saved state ${file} is damaged: its checksum does not hold`);
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

/** The name is checked too: it must not lead out of the directory. */
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

/** Old tensors files, and what a killed save left. Nothing else in the directory is touched. */
function isOurs(name: string): boolean {
  return TENSORS_NAME.test(name.replace(/\.tmp$/, '')) || name === `${STATE_FILE}.tmp`;
}

/** Puts a file in place whole or not at all. What a killed save left in its way goes first, be it a symbolic link. */
function replace(disk: CheckpointDisk, directory: string, name: string, bytes: Uint8Array): void {
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

/** After a failure, which is what is told; so that a full disk is not fuller than before. */
export function removeIfPossible(disk: CheckpointDisk, path: string): void {
  try {
    disk.remove(path);
  } catch {
    // The disk is worse than full.
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
