import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Adam } from '../../src/index.ts';
import {
  type CheckpointStorage,
  type FileSystem,
  fit,
  folderStorage,
  indexedDBStorage,
  memoryStorage,
  type OpenFile,
} from '../../src/training/index.ts';
import { fakeDatabase } from './fake-database.ts';
import { CharModel, eventsOf, windows } from './models.ts';

let root = '';
beforeAll(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'fit-'));
});
afterAll(async () => fs.rm(root, { recursive: true }));

const storages: readonly [string, () => CheckpointStorage][] = [
  ['memory', memoryStorage],
  ['folder', () => folderStorage(fs, join(root, 'deep/runs'))],
  ['IndexedDB', () => indexedDBStorage(fakeDatabase(), 'runs')],
];

test.each(storages)(
  '%s: what is written is read, a copy of it, and other names have none',
  async (_, make) => {
    const storage = make();
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await storage.read('a.bin')).toBeNull();
    await storage.write('a.bin', bytes);
    bytes[0] = 9;
    expect([...(await storage.read('a.bin'))!]).toEqual([1, 2, 3]);
    (await storage.read('a.bin'))![0] = 9;
    expect([...(await storage.read('a.bin'))!]).toEqual([1, 2, 3]);
    await storage.write('a.bin', Uint8Array.of(4));
    expect([...(await storage.read('a.bin'))!]).toEqual([4]);
    expect(await storage.read('b.bin')).toBeNull();
  },
);

test.each(storages)('%s: a run is saved and resumed', async (_, make) => {
  const storage = make();
  const run = (steps: number) => {
    const model = new CharModel();
    const optimizer = new Adam(model);
    const loss = (...[x, y]: ReturnType<typeof windows>[0]) =>
      model.loss(x, y, model.recurrent.initialState(2)).value;
    const checkpoint = { storage, every: 2, resume: true, name: 'run.safetensors' };
    return eventsOf(fit({ model, optimizer, loss, batches: windows(3), steps, checkpoint }));
  };
  const shown = (events: Awaited<ReturnType<typeof run>>) =>
    events.map(({ type, step }) => `${type} ${step}`);
  expect(shown(await run(3))).toEqual(['step 1', 'step 2', 'saved 2', 'step 3', 'saved 3', 'done 3']);
  expect(shown(await run(5))).toEqual(['step 4', 'saved 4', 'step 5', 'saved 5', 'done 5']);
});

test('A folder holds the old file or the new one wherever a write is killed', async () => {
  const folder = join(root, 'killed');
  const [before, after] = [new Uint8Array(1000).fill(1), new Uint8Array(2000).fill(2)];
  const read = async () => (await folderStorage(fs, folder).read('a'))!;
  await folderStorage(fs, folder).write('a', before);
  let failures = 0;
  for (let last = 1; ; last++) {
    let calls = 0;
    /** Runs a call unless it is behind the last one; a killed write is half done. */
    const until = <R>(call: () => Promise<R>): Promise<R> =>
      ++calls > last ? Promise.reject(new Error('killed')) : call();
    const open = async (path: string, flags: string): Promise<OpenFile> => {
      const file = await until(() => fs.open(path, flags));
      return {
        writeFile: async (bytes) => {
          if (calls === last) await file.writeFile(bytes.slice(0, 500));
          await until(() => file.writeFile(bytes));
        },
        sync: () => until(() => file.sync()),
        close: () => file.close(),
      };
    };
    const dying: FileSystem = {
      mkdir: (path, options) => until(() => fs.mkdir(path, options)),
      readFile: (path) => fs.readFile(path),
      rename: (from, to) => until(() => fs.rename(from, to)),
      rm: (path, options) => until(() => fs.rm(path, options)),
      open,
    };
    const killed = await Promise.resolve(folderStorage(dying, folder).write('a', after)).then(
      () => false,
      () => true,
    );
    const found = await read();
    expect([before, after].some((bytes) => Buffer.from(bytes).equals(found))).toBe(true);
    if (!killed) {
      expect(Buffer.from(after).equals(found)).toBe(true);
      break;
    }
    failures++;
    await folderStorage(fs, folder).write('a', before);
  }
  expect(failures).toBeGreaterThan(5);
  expect(await fs.readdir(folder)).toEqual(['a']);
});

test('A folder flushes the bytes before it renames them, and its names after', async () => {
  const calls: string[] = [];
  const named = (path: string) => path.replace(root, '');
  const logging: FileSystem = {
    ...fs,
    mkdir: (path, options) => fs.mkdir(path, options),
    readFile: (path) => fs.readFile(path),
    rm: (path, options) => fs.rm(path, options),
    rename: (from, to) => {
      calls.push(`rename ${named(from)} ${named(to)}`);
      return fs.rename(from, to);
    },
    open: async (path, flags) => {
      const file = await fs.open(path, flags);
      return {
        writeFile: (bytes) => file.writeFile(bytes),
        sync: () => {
          calls.push(`sync ${named(path)}`);
          return file.sync();
        },
        close: () => file.close(),
      };
    },
  };
  await folderStorage(logging, join(root, 'order')).write('a', Uint8Array.of(1));
  expect(calls).toEqual(['sync /order/a.tmp', 'rename /order/a.tmp /order/a', 'sync /order']);
});

test('A name outside of the folder is refused, and so is a link in the place of the temporary file', async () => {
  const storage = folderStorage(fs, join(root, 'safe'));
  for (const name of ['../a', 'a/b', '', '.', '..'])
    await expect(storage.write(name, Uint8Array.of(1))).rejects.toThrow(
      'folderStorage: expected a name of letters, digits, _, . and -, got',
    );
  await fs.mkdir(join(root, 'safe'));
  await fs.writeFile(join(root, 'target'), 'kept');
  await fs.symlink(join(root, 'target'), join(root, 'safe/a.tmp'));
  await storage.write('a', Uint8Array.of(1));
  expect(await fs.readFile(join(root, 'target'), 'utf8')).toBe('kept');
});

test('A database that refuses is an error that says why', async () => {
  const storage = indexedDBStorage(fakeDatabase(true), 'runs');
  await expect(storage.write('a', Uint8Array.of(1))).rejects.toThrow(
    'indexedDBStorage: expected the readwrite of the database to succeed, got Error: QuotaExceededError',
  );
});
