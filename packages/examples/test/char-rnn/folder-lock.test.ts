import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { FolderLock } from '../../src/char-rnn/folder-lock.ts';
import { ownIdentity, type ProcessIdentity } from '../../src/char-rnn/process-identity.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { newFolder } from './folder.ts';
import { runProgram } from './process.ts';
import { tinyText } from './tiny.ts';

const held: FolderLock[] = [];
afterEach(() => {
  for (const lock of held.splice(0)) lock.release();
});

function take(folder: string): FolderLock {
  const lock = new FolderLock(folder);
  held.push(lock);
  return lock;
}

/**
 * A folder with the lock of a process that is like this one but for some fields, or with other
 * words in it.
 */
function lockedFolder(words: Partial<ProcessIdentity> | string): string {
  const folder = newFolder();
  const text = typeof words === 'string' ? words : JSON.stringify({ ...ownIdentity(), ...words });
  writeFileSync(join(folder, 'training.lock'), text);
  return folder;
}

/** The number of a process that has ended. */
function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0']);
  return new Promise((resolve) => child.on('exit', () => resolve(child.pid!)));
}

test('A folder has one lock: the second throws an error with the process that holds it, and after the release nothing is left', () => {
  const folder = newFolder();
  const lock = take(folder);
  expect(() => take(folder)).toThrow(UsageError);
  expect(() => take(folder)).toThrow(`another training saves into ${folder}: process ${process.pid};`);
  lock.release();
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
  take(folder);
});

test('The lock of a process that has ended is cleared, and so is that of one that was clearing it', async () => {
  const folder = lockedFolder({ pid: await endedProcess() });
  writeFileSync(join(folder, 'training.lock.clearing'), readFileSync(join(folder, 'training.lock')));
  take(folder);
  expect(readdirSync(folder)).toEqual(['training.lock']);
});

test('While one process clears a stale lock no other process clears or takes it', async () => {
  const folder = lockedFolder({ pid: await endedProcess() });
  writeFileSync(
    join(folder, 'training.lock.clearing'),
    JSON.stringify({ ...ownIdentity(), pid: 1, began: '' }),
  );
  expect(() => take(folder)).toThrow('process 1;');
  expect(readdirSync(folder).sort()).toEqual(['training.lock', 'training.lock.clearing']);
});

test('The lock of an earlier process with a number that another one has now is cleared, and one from before a restart', () => {
  const [boot, start] = ownIdentity().began.split(' ');
  take(lockedFolder({ began: `${boot} ${Number(start) - 1}` }));
  take(lockedFolder({ began: `another-boot ${start}` }));
});

test('The lock of a running process of another user counts, and one of another machine, with a word on the file', () => {
  // Process 1 runs on every system, and its beginning is another's or cannot be seen: then it
  // counts.
  expect(() => take(lockedFolder({ pid: 1, began: '' }))).toThrow('process 1;');
  expect(() => take(lockedFolder({ place: 'elsewhere pid:[1]' }))).toThrow(
    /process \d+ on elsewhere, which cannot be seen from here;.*delete .*training\.lock if/,
  );
  expect(hostname()).not.toBe('elsewhere');
});

test('A lock that a power cut left empty is cleared once it is too old to be being written', () => {
  const folder = lockedFolder('');
  const long = new Date(Date.now() - 60_000);
  utimesSync(join(folder, 'training.lock'), long, long);
  take(folder);
});

test('A lock whose file went away is taken again, unless another process was quicker', () => {
  const folder = newFolder();
  const lock = take(folder);
  rmSync(join(folder, 'training.lock'));
  lock.hold();
  expect(readdirSync(folder)).toEqual(['training.lock']);
  writeFileSync(join(folder, 'training.lock'), JSON.stringify({ ...ownIdentity(), pid: 1, began: '' }));
  expect(() => lock.hold()).toThrow('process 1;');
  lock.release();
  expect(readdirSync(folder)).toEqual(['training.lock']);
});

test('A symbolic link in the place of the lock is not written through', () => {
  const [folder, elsewhere] = [newFolder(), newFolder()];
  writeFileSync(join(elsewhere, 'precious'), 'precious');
  for (const name of [`training.lock.${process.pid}`, 'training.lock'])
    symlinkSync(join(elsewhere, 'precious'), join(folder, name));
  const long = new Date(Date.now() - 60_000);
  utimesSync(join(elsewhere, 'precious'), long, long);
  take(folder);
  expect(readFileSync(join(elsewhere, 'precious'), 'utf8')).toBe('precious');
});

test('Of eight processes that find a stale lock at the same time, one takes it', async () => {
  const folder = lockedFolder({ pid: await endedProcess() });
  const built = new URL('../../dist/char-rnn/folder-lock.js', import.meta.url).href;
  // Each waits for a signal to begin, and stays until all have reported their result.
  const script =
    `import { FolderLock } from '${built}'; console.log('ready'); process.stdin.once('data', () => {` +
    `try { new FolderLock(process.argv[1]); console.log('taken'); } catch (e) { console.log(e.message); } });`;
  const processes = Array.from({ length: 8 }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, folder]);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return { child, next: async (): Promise<string> => (await lines.next()).value ?? '' };
  });
  await Promise.all(processes.map(({ next }) => next()));
  for (const { child } of processes) child.stdin.write('go\n');
  const outcomes = await Promise.all(processes.map(({ next }) => next()));
  expect(outcomes.filter((each) => each === 'taken')).toHaveLength(1);
  expect(outcomes.filter((each) => each.startsWith('another training saves into'))).toHaveLength(7);
  await Promise.all(
    processes.map(({ child }) => new Promise((resolve) => child.on('close', resolve).stdin.end())),
  );
  expect(readdirSync(folder)).toEqual([]);
});

test('A second training into a folder fails before its first step, and the first one loses nothing', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'tiny.txt'), tinyText);
  const args = '--text tiny.txt --hidden 8 --steps 5 --batch 2 --save model --json'.split(' ');
  let second: ReturnType<typeof runProgram> | null = null;
  const first = await runProgram('train', [...args, '--iterations', '1000000'], {
    cwd: folder,
    watch: (line, child) => {
      if (second !== null || !line.startsWith('{"event":"step"')) return;
      second = runProgram('train', [...args, '--seed', '2', '--iterations', '5'], { cwd: folder });
      void second.then(({ err }) => {
        expect(err).toContain(`another training saves into model: process ${child.pid};`);
        child.kill('SIGINT');
      });
    },
  });
  expect(await second).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^error: [^\n]+\n$/) });
  expect(first).toMatchObject({ code: 130, err: '' });
  expect(readdirSync(join(folder, 'model')).sort()).toEqual([
    expect.stringMatching(/^model-.*safetensors$/),
    'state.json',
  ]);
  const resumed = await runProgram(
    'train',
    ['--resume', 'model', '--iterations', '9999999', '--seconds', '0.1'],
    { cwd: folder },
  );
  expect(resumed.code).toBe(0);
});

test.each([
  ['--lr 1000 --clip none --iterations 3000', 'an error'],
  ['--iterations 20', 'its end'],
  ['--seconds 0.05 --iterations 1000000', 'its time limit'],
])('A run of %s gives the lock back at %s', async (line) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'tiny.txt'), tinyText);
  const args = `--text tiny.txt --hidden 8 --steps 5 --batch 2 --save model ${line}`.split(' ');
  await runProgram('train', args, { cwd: folder });
  expect(readdirSync(join(folder, 'model'))).not.toContain('training.lock');
});

test('A lock that is a pipe throws an error at once', { skip: process.platform === 'win32' }, () => {
  const folder = newFolder();
  const file = join(folder, 'training.lock');
  execFileSync('mkfifo', [file]);
  // In a separate process: opening a pipe waits for its other end.
  const lock = new URL('../../dist/char-rnn/folder-lock.js', import.meta.url).href;
  const program = `import { FolderLock } from ${JSON.stringify(lock)};
    try { new FolderLock(${JSON.stringify(folder)}); } catch (error) { console.log(error.name, error.message); }`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect(said).toBe(`UsageError expected a file as ${file}, got another kind; delete it\n`);
});

test('A lock without a complete process identity has no holder, and is stale if it is old', () => {
  for (const words of ['{"pid":1}', '{"pid":1,"place":"x"}', 'null', '[]']) {
    const folder = lockedFolder(words);
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(folder, 'training.lock'), old, old);
    take(folder);
  }
});

test('A lock whose folder a file has replaced is gone, and is given back without an error', () => {
  const folder = newFolder();
  const lock = new FolderLock(folder);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  expect(() => lock.release()).not.toThrow();
  rmSync(folder);
});
