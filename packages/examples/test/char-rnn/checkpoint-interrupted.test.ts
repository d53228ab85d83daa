import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Checkpoint, readCheckpoint, saveCheckpoint } from '../../src/char-rnn/checkpoint-files.ts';
import { UsageError } from '../../src/char-rnn/usage-error.ts';
import { newFolder } from './folder.ts';
import { type Files, SimulatedDisk } from './simulated-disk.ts';

const OLD: Checkpoint = { state: { iteration: 1, text: 'old – “é”' }, tensors: Uint8Array.of(1, 2, 3, 4) };
const NEW: Checkpoint = { state: { iteration: 2, text: 'new' }, tensors: Uint8Array.of(5, 6, 7, 8, 9) };

/** What a program that starts now would read. */
function readFiles(files: Files): Checkpoint {
  const folder = newFolder();
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  const { state, tensors } = readCheckpoint(folder);
  return { state, tensors: Uint8Array.from(tensors) };
}

function savedFiles(checkpoint: Checkpoint): Files {
  const disk = new SimulatedDisk(new Map());
  saveCheckpoint('dir', checkpoint, disk);
  return disk.afterKill();
}

class Interrupted extends Error {}

/** A save of NEW over OLD that goes wrong before operation number `at`; which operations there were. */
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
  expect(done.length).toBe(12);
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
  for (let at = 0; at <= 12; at++) {
    const { disk } = interruptedSave(at, () => new Interrupted());
    const next = new SimulatedDisk(disk.afterKill());
    saveCheckpoint('dir', NEW, next);
    expect(readFiles(next.afterKill())).toEqual(NEW);
    expect([...next.afterKill().keys()].length).toBe(2);
  }
});

test('a disk that fails at any operation gives one line, and what was saved before is still whole', () => {
  for (let at = 0; at < 12; at++) {
    const full = (): Error => Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
    const { disk, error } = interruptedSave(at, full);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toBe(
      'cannot write the model directory dir: no space left on the disk',
    );
    expect([OLD, NEW]).toContainEqual(readFiles(disk.afterKill()));
  }
});
