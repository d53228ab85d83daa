import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Checkpoint, readCheckpoint, saveCheckpoint } from '../../src/char-rnn/checkpoint-files.ts';
import { keepEarlierRun } from '../../src/char-rnn/model-directory.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { makeDirectory } from '../../src/cli/write-file.ts';
import { newFolder } from './folder.ts';
import { type Files, SimulatedDisk } from './simulated-disk.ts';

const OLD: Checkpoint = { state: { iteration: 1, text: 'old – “é”' }, tensors: Uint8Array.of(1, 2, 3, 4) };
const NEW: Checkpoint = { state: { iteration: 2, text: 'new' }, tensors: Uint8Array.of(5, 6, 7, 8, 9) };

/** What a program that starts now would read. */
function readFiles(files: Files): Checkpoint {
  return readIn(writtenFiles(files));
}

function writtenFiles(files: Files): string {
  const folder = newFolder();
  for (const [name, bytes] of files) {
    makeDirectory(dirname(join(folder, name)));
    writeFileSync(join(folder, name), bytes);
  }
  return folder;
}

function readIn(folder: string): Checkpoint {
  const { state, tensors } = readCheckpoint(folder);
  return { state, tensors: Uint8Array.from(tensors) };
}

function savedFiles(checkpoint: Checkpoint): Files {
  const disk = new SimulatedDisk(new Map());
  saveCheckpoint('dir', checkpoint, disk);
  return disk.afterKill();
}

class Interrupted extends Error {}

/**
 * A save of NEW over OLD that goes wrong before operation number `at`; which operations there were.
 */
function interruptedSave(
  at: number,
  failure: () => Error,
): { disk: SimulatedDisk; done: string[]; error: unknown } {
  const done: string[] = [];
  const disk = new SimulatedDisk(savedFiles(OLD), (operation) => {
    if (done.length === at) throw failure();
    done.push(operation);
  });
  try {
    saveCheckpoint('dir', NEW, disk);
    return { disk, done, error: null };
  } catch (error) {
    return { disk, done, error };
  }
}

test('a process killed before any of its operations leaves the old state or the new, whole', () => {
  const { done } = interruptedSave(Number.POSITIVE_INFINITY, () => new Interrupted());
  expect(done.length).toBe(14);
  const counts = done.lastIndexOf('rename');
  for (let at = 0; at <= done.length; at++) {
    const { disk } = interruptedSave(at, () => new Interrupted());
    expect(readFiles(disk.afterKill())).toEqual(at <= counts ? OLD : NEW);
  }
});

test('a power cut before any operation leaves the old state or the new, and after the last the new', () => {
  const { done } = interruptedSave(Number.POSITIVE_INFINITY, () => new Interrupted());
  let cuts = 0;
  for (let at = 0; at <= done.length; at++) {
    const { disk } = interruptedSave(at, () => new Interrupted());
    for (const files of disk.afterPowerCut()) {
      const { iteration } = readFiles(files).state as { iteration: number };
      expect(at === done.length ? [2] : [1, 2]).toContain(iteration);
      cuts++;
    }
  }
  expect(cuts).toBeGreaterThan(50);
});

test('after an interruption anywhere the next save succeeds and clears up', () => {
  for (let at = 0; at <= 14; at++) {
    const { disk } = interruptedSave(at, () => new Interrupted());
    const next = new SimulatedDisk(disk.afterKill());
    saveCheckpoint('dir', NEW, next);
    expect(readFiles(next.afterKill())).toEqual(NEW);
    expect([...next.afterKill().keys()].length).toBe(2);
  }
});

test('a disk that fails at any operation gives one line, and what was saved before is still whole', () => {
  for (let at = 0; at < 14; at++) {
    const full = (): Error => Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
    const { disk, error } = interruptedSave(at, full);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toBe(
      'cannot write the model directory dir: no space left on the disk',
    );
    expect([OLD, NEW]).toContainEqual(readFiles(disk.afterKill()));
  }
});

/** A save of NEW where another run's OLD is: kept first, then replaced. */
function saveBesides(disk: SimulatedDisk): void {
  keepEarlierRun('dir', disk);
  saveCheckpoint('dir', NEW, disk);
}

test('A power cut while another run’s model is kept and replaced costs neither: it is in its place or in earlier-1, whole', () => {
  let operations = 0;
  saveBesides(new SimulatedDisk(savedFiles(OLD), () => operations++));
  expect(operations).toBeGreaterThan(22);
  for (let at = 0; at <= operations; at++) {
    let done = 0;
    const disk = new SimulatedDisk(savedFiles(OLD), () => {
      if (done++ === at) throw new Interrupted();
    });
    try {
      saveBesides(disk);
    } catch {
      // Interrupted.
    }
    for (const files of [disk.afterKill(), ...disk.afterPowerCut()]) {
      const folder = writtenFiles(files);
      const now = readIn(folder);
      if (now.tensors.length === OLD.tensors.length) expect(now).toEqual(OLD);
      else expect([now, readIn(join(folder, 'earlier-1'))]).toEqual([NEW, OLD]);
      if (at === operations) expect(now).toEqual(NEW);
    }
  }
});

test('A disk that is full for a moment keeps nothing half-written: neither a temporary file nor a copy', () => {
  let operations = 0;
  saveBesides(new SimulatedDisk(savedFiles(OLD), () => operations++));
  for (let at = 0; at < operations; at++) {
    let done = 0;
    const disk = new SimulatedDisk(savedFiles(OLD), (operation) => {
      if (done++ === at) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC', operation });
    });
    expect(() => saveBesides(disk)).toThrow();
    const names = [...disk.afterKill().keys()];
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const copied = names.filter((name) => name.startsWith('earlier-1/')).length;
    expect([0, 2]).toContain(copied);
  }
});

test('Curves move along with the model that they are of, and nothing else does', () => {
  const bytes = Uint8Array.of(1);
  const others = [
    'training.svg',
    'training.dark.png',
    'training.json',
    'training.lock',
    'notes.txt',
    'my.safetensors',
  ];
  const disk = new SimulatedDisk(
    new Map([...savedFiles(OLD), ...others.map((name) => [name, bytes] as const)]),
  );
  expect(keepEarlierRun('dir', disk)).toBe(join('dir', 'earlier-1'));
  const inside = (folder: string): string[] => [...disk.list(folder)].filter((name) => others.includes(name));
  expect(inside('dir/earlier-1')).toEqual(['training.svg', 'training.dark.png', 'training.json']);
  expect(inside('dir')).toEqual(['training.lock', 'notes.txt', 'my.safetensors']);
});
