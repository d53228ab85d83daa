/** Checkpoints in a folder, written so that a crash leaves either the old file or the new one. */
import { ValueError } from '@chronograd/tensor';
import { describeValue, quoted } from '@chronograd/tensor/engine';
import type { CheckpointStorage } from './storage.ts';

/** An open file. */
export interface OpenFile {
  writeFile(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The functions of `node:fs/promises` that storage in a folder needs. */
export interface FileSystem {
  mkdir(path: string, options: { readonly recursive: true }): Promise<unknown>;
  open(path: string, flags: string): Promise<OpenFile>;
  readFile(path: string): Promise<Uint8Array>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: true }): Promise<void>;
}

/**
 * Storage in a folder, which is made if it does not exist. A write flushes a temporary file,
 * renames it, and flushes the folder. So a killed program or a power cut leaves the old bytes or
 * the new ones. Only one program at a time may use a folder.
 * @param fs `node:fs/promises`, since this package imports nothing of Node.
 * @throws ValueError for another `fs` and a folder that is not a name. While used, the errors of
 * `fs`, and ValueError for names with other characters than letters, digits, `_`, `.` and `-`.
 * @example
 * const storage = folderStorage(fs, 'runs/first'); // fs is node:fs/promises
 */
export function folderStorage(fs: FileSystem, folder: string): CheckpointStorage {
  const op = 'folderStorage';
  for (const name of ['mkdir', 'open', 'readFile', 'rename', 'rm'] as const)
    if (typeof fs?.[name] !== 'function')
      throw new ValueError(`${op}: expected node:fs/promises for fs, got ${describeValue(fs)}`);
  if (typeof folder !== 'string' || folder === '')
    throw new ValueError(`${op}: expected the name of a folder, got ${describeValue(folder)}`);
  return {
    read: async (name) => {
      try {
        return await fs.readFile(pathOf(folder, name));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return null;
        throw error;
      }
    },
    write: async (name, bytes) => {
      const path = pathOf(folder, name);
      await fs.mkdir(folder, { recursive: true });
      await replace(fs, path, bytes);
      await syncFolder(fs, folder);
    },
  };
}

/** Replaces a file in one rename. Removes the temporary file of a killed write first. */
async function replace(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.tmp`;
  await fs.rm(temporary, { force: true });
  try {
    // Fails for a link in its place.
    const file = await fs.open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await fs.rename(temporary, path);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Flushes the names in a folder. Windows cannot open one, and keeps the order of renames. */
async function syncFolder(fs: FileSystem, folder: string): Promise<void> {
  let file: OpenFile;
  try {
    file = await fs.open(folder, 'r');
  } catch (error) {
    if (['EISDIR', 'EPERM', 'EACCES'].includes(codeOf(error))) return;
    throw error;
  }
  try {
    await file.sync();
  } catch (error) {
    if (codeOf(error) !== 'EPERM') throw error;
  } finally {
    await file.close();
  }
}

function pathOf(folder: string, name: string): string {
  if (/^[\w-][\w.-]*$/.test(name)) return `${folder}/${name}`;
  throw new ValueError(
    `folderStorage: expected a name of letters, digits, _, . and -, got ${quoted(String(name))}; for example fit.safetensors`,
  );
}

const codeOf = (error: unknown): string => String((error as { readonly code?: unknown } | null)?.code);
