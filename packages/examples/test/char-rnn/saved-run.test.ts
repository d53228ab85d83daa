import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSafetensors, writeSafetensors } from '@chronograd/nn/safetensors';
import { expect, test } from 'vitest';
import { type Json, readCheckpoint, saveCheckpoint } from '../../src/char-rnn/checkpoint-files.ts';
import { ModelDirectory } from '../../src/char-rnn/model-directory.ts';
import { assignWeights, readRun, saveRun } from '../../src/char-rnn/saved-run.ts';
import type { SavedTensors, Trainer } from '../../src/char-rnn/trainer.ts';
import { UsageError } from '../../src/cli/errors.ts';
import { newFolder } from './folder.ts';
import { steps, tensorsHash, tinyTrainer } from './tiny.ts';

test('A saved run comes back as it was: configuration, vocabulary, tensors, and the rest', async () => {
  const trainer = tinyTrainer({ kernels: 'reference' });
  await steps(trainer, 20);
  trainer.random.normal();
  const folder = newFolder();
  saveRun(folder, trainer);
  const saved = readRun(folder);
  expect(saved.configuration).toEqual(trainer.configuration);
  expect(saved.vocabulary.characters).toEqual(trainer.text.vocabulary.characters);
  expect(saved.textSha256).toBe(trainer.text.sha256);
  expect(saved.state).toEqual(trainer.snapshot().state);
  expect(saved.state.kernels).toBe('strict');
  const resumed = tinyTrainer();
  resumed.restore(saved);
  expect(tensorsHash(resumed)).toBe(tensorsHash(trainer));
});

/** The tensors of a run by the names of version 0.1. */
const tensorsBefore = (trainer: Trainer): SavedTensors =>
  new Map(
    [...trainer.snapshot().tensors].flatMap(([name, each]) => {
      if (/^optimizer\.(lr|steps)/.test(name)) return [];
      const known = name.replace(/^model\./, '').replace(/^optimizer\.accumulator/, 'adagrad');
      return [[known.replace(/^carried/, 'hidden'), each] as const];
    }),
  );

test('A run that version 0.1 saved is still read', () => {
  // The fixture never changes: a setting that it does not have needs `before` in settings.ts.
  const fixture = new URL('../fixtures/saved-state.json', import.meta.url);
  const state = JSON.parse(readFileSync(fixture, 'utf8')) as { readonly configuration: object } & Json;
  const folder = newFolder();
  saveCheckpoint(folder, { state, tensors: writeSafetensors(tensorsBefore(tinyTrainer())) });
  const saved = readRun(folder);
  expect(saved.configuration).toMatchObject(state.configuration);
  expect(saved.state.iteration).toBe(20);
  tinyTrainer(saved.configuration).restore(saved);
});

/** A saved run whose parts are changed, with checksums that hold. */
function changed(
  change: Record<string, unknown>,
  tensors = (bytes: Uint8Array): Uint8Array => bytes,
): string {
  const folder = newFolder();
  saveRun(folder, tinyTrainer());
  const before = readCheckpoint(folder);
  const state = { ...(before.state as object), ...change } as unknown as Json;
  saveCheckpoint(folder, { state, tensors: tensors(before.tensors) });
  return folder;
}

const DAMAGED: readonly Record<string, unknown>[] = [
  { vocabulary: '' },
  { vocabulary: ['a', 'b'] },
  { vocabulary: 'abca' },
  { textSha256: 5 },
  { iteration: -1 },
  { iteration: 1.5 },
  { smoothedLoss: null },
  { fit: undefined, position: '0' },
  { kernels: null },
  { random: { generator: [1, 2, 3], spare: null } },
  { random: { generator: [1, 2, 3, 2 ** 32], spare: null } },
  { random: { generator: [1, 2, 3, 4], spare: 'x' } },
  { configuration: { hidden: 0 } },
];

test.each(DAMAGED)('A saved state with %j throws an error', (change) => {
  const folder = changed(change);
  expect(() => readRun(folder)).toThrow(UsageError);
  expect(() => readRun(folder)).toThrow(folder);
});

test('Tensors that are no safetensors file throw an error', () => {
  const folder = changed({}, () => new Uint8Array(7));
  expect(() => readRun(folder)).toThrow(
    /^the saved model in .* is damaged: safetensors: expected .*, got 7$/,
  );
});

test('A run whose tensors do not fit its configuration throws an error that names the tensor and both shapes', () => {
  const without = changed({}, (bytes) => {
    const tensors = new Map(readSafetensors(bytes).tensors);
    tensors.delete('optimizer.accumulator.decoder.bias');
    return writeSafetensors(tensors);
  });
  const trainer = tinyTrainer();
  expect(() => trainer.restore(readRun(without))).toThrow(
    /the saved model is damaged: .*accumulator\.decoder\.bias/,
  );
  const other = tinyTrainer({ batch: 4 });
  expect(() => other.restore(tinyTrainer().snapshot())).toThrow(
    'the saved model is damaged: fit: the checkpoint does not fit the carried state: ' +
      'missing none; unexpected none; of another shape or dtype carried (float32 [3, 19] for float32 [4, 19])',
  );
  const wide = tinyTrainer({ dtype: 'float64' });
  expect(() => wide.restore(tinyTrainer().snapshot())).toThrow(UsageError);
});

test('Saved weights that do not fit a model throw an error with the tensor and both shapes', () => {
  const { tensors } = tinyTrainer().snapshot();
  expect(() => assignWeights(tinyTrainer({ hidden: 20 }).model, tensors)).toThrow(
    'the saved model is damaged: expected a tensor model.recurrent.cell.weightIh [20, 27], got [19, 27]',
  );
  expect(() => assignWeights(tinyTrainer({ layers: 2 }).model, tensors)).toThrow(
    'expected a tensor model.upper.0.cell.weightIh [19, 19], got none',
  );
});

test("A run that saves where another's model is keeps that model in a folder below, and replaces only its own", async () => {
  const folder = newFolder();
  const [earlier, run] = [tinyTrainer({ seed: 1 }), tinyTrainer({ seed: 2 })];
  /** Saves a run as a separate process would: releases its lock. */
  const saveOnce = (trainer: Trainer, own: boolean): string | null => {
    const directory = new ModelDirectory(folder, own);
    const kept = directory.save(trainer);
    directory.close();
    return kept;
  };
  expect(saveOnce(earlier, false)).toBeNull();
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const directory = new ModelDirectory(folder, false);
  expect(directory.save(run)).toBe(join(folder, 'earlier-1'));
  await steps(run, 3);
  expect(directory.save(run)).toBeNull();
  directory.close();
  expect(readRun(folder).state.iteration).toBe(3);
  expect(readRun(join(folder, 'earlier-1')).configuration.seed).toBe(1);
  expect(saveOnce(run, true)).toBeNull();
  expect(saveOnce(earlier, false)).toBe(join(folder, 'earlier-2'));
  expect(readRun(join(folder, 'earlier-2')).configuration.seed).toBe(2);
  expect(readFileSync(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  expect(readdirSync(folder).filter((name) => name.endsWith('.safetensors'))).toHaveLength(1);
});

test('A place where nothing can be saved throws an error before training', () => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  expect(() => new ModelDirectory(file, false)).toThrow(UsageError);
  expect(() => new ModelDirectory(join(file, 'below'), false)).toThrow(/^cannot write the model directory/);
  expect(existsSync(file)).toBe(true);
});
