/** Storage whose file system or database fails, and names and arguments that are refused. */
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type DatabaseFactory,
  type FileSystem,
  folderStorage,
  indexedDBStorage,
} from '../../src/training/index.ts';
import { fakeDatabase } from './fake-database.ts';

let root = '';
beforeAll(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'fit-'));
});
afterAll(async () => fs.rm(root, { recursive: true }));

const failing = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));

test('A folder that cannot be opened or flushed, as on Windows, is written; other errors are passed on', async () => {
  const write = async (change: Partial<Record<'open' | 'sync', string>>) => {
    const closed: string[] = [];
    const system: FileSystem = {
      mkdir: (path, options) => fs.mkdir(path, options),
      readFile: (path) => fs.readFile(path),
      rename: (from, to) => fs.rename(from, to),
      rm: (path, options) => fs.rm(path, options),
      open: async (path, flags) => {
        const isFolder = flags === 'r';
        if (isFolder && change.open !== undefined) return failing(change.open);
        const file = await fs.open(path, flags);
        return {
          writeFile: (bytes) => file.writeFile(bytes),
          sync: () => (isFolder && change.sync !== undefined ? failing(change.sync) : file.sync()),
          close: () => {
            closed.push(isFolder ? 'folder' : 'file');
            return file.close();
          },
        };
      },
    };
    await folderStorage(system, join(root, 'windows')).write('a', Uint8Array.of(1));
    return closed;
  };
  expect(await write({})).toEqual(['file', 'folder']);
  for (const open of ['EISDIR', 'EPERM', 'EACCES']) expect(await write({ open })).toEqual(['file']);
  expect(await write({ sync: 'EPERM' })).toEqual(['file', 'folder']);
  await expect(write({ open: 'EMFILE' })).rejects.toThrow('EMFILE');
  await expect(write({ sync: 'EIO' })).rejects.toThrow('EIO');
});

test('A file that cannot be read is an error, not a missing one', async () => {
  const storage = folderStorage({ ...fs, readFile: () => failing('EACCES') } as FileSystem, root);
  await expect(storage.read('a')).rejects.toThrow('EACCES');
});

test('A write whose last step fails is an error, and leaves no temporary file', async () => {
  const folder = join(root, 'full');
  const system = { ...fs, rename: () => failing('ENOSPC') } as FileSystem;
  await expect(folderStorage(system, folder).write('a', Uint8Array.of(1))).rejects.toThrow('ENOSPC');
  expect(await fs.readdir(folder)).toEqual([]);
});

test('An error that is no object is passed on', async () => {
  const storage = folderStorage({ ...fs, readFile: () => Promise.reject(null) } as FileSystem, root);
  await expect(storage.read('a')).rejects.toBeNull();
});

test('Storage of other things than a file system or a database is refused by name', () => {
  for (const missing of ['mkdir', 'open', 'readFile', 'rename', 'rm'])
    expect(() => folderStorage({ ...fs, [missing]: undefined } as never, 'a')).toThrow(
      'folderStorage: expected node:fs/promises for fs, got an object',
    );
  for (const wrong of [null, undefined])
    expect(() => folderStorage(wrong as never, 'a')).toThrow('folderStorage: expected node:fs/promises');
  for (const wrong of [null, undefined, {}])
    expect(() => indexedDBStorage(wrong as never, 'a')).toThrow('indexedDBStorage: expected indexedDB, got ');
  for (const name of ['', 3, null]) {
    expect(() => folderStorage(fs, name as never)).toThrow('folderStorage: expected the name of a folder');
    expect(() => indexedDBStorage(fakeDatabase(), name as never)).toThrow('the name of a database, got ');
  }
});

test('A name begins with a letter, a digit, _ or -, and has these and points', async () => {
  const storage = folderStorage(fs, join(root, 'names'));
  for (const name of ['a', '-a', '_1', 'a.b-c_d', '9']) {
    await storage.write(name, Uint8Array.of(1));
    expect(await fs.readdir(join(root, 'names'))).toContain(name);
  }
  for (const name of ['.a', 'a b', 'a/', 'é', 'a\n'])
    await expect(storage.write(name, Uint8Array.of(1))).rejects.toThrow('got');
});

test('A database is opened for each use, with writes that are flushed, and closed', async () => {
  const log: string[] = [];
  const inner = fakeDatabase();
  const factory: DatabaseFactory = {
    open: (name, version) => {
      const request = inner.open(name, version);
      const { result } = request;
      const { transaction, close } = result;
      Object.assign(result, {
        transaction: (...args: Parameters<typeof transaction>) => {
          log.push(JSON.stringify(args));
          return transaction(...args);
        },
        close: () => {
          log.push('close');
          close();
        },
      });
      return request;
    },
  };
  const storage = indexedDBStorage(factory, 'runs');
  await storage.write('a', Uint8Array.of(1));
  await storage.read('a');
  const used = (mode: string) => [JSON.stringify(['checkpoints', mode, { durability: 'strict' }]), 'close'];
  expect(log).toEqual([...used('readwrite'), ...used('readonly')]);
});

test('A database that does not open is an error that says why', async () => {
  const factory: DatabaseFactory = {
    open: () => {
      const request = { error: new Error('SecurityError'), onerror: null as (() => void) | null };
      setImmediate(() => request.onerror?.());
      return request as unknown as ReturnType<DatabaseFactory['open']>;
    },
  };
  await expect(indexedDBStorage(factory, 'runs').read('a')).rejects.toThrow(
    'indexedDBStorage: expected the open of the database to succeed, got Error: SecurityError',
  );
});
