/** Saves a run into its directory, and reads and validates it. */
import { Vocabulary } from '@chronograd/nn/data';
import { readSafetensors, SafetensorsError, writeSafetensors } from '@chronograd/nn/safetensors';
import { tensor } from '@chronograd/tensor';
import { sameShape, showShape } from '@chronograd/tensor/engine';
import { UsageError } from '../cli/errors.ts';
import type { CharModel } from './char-model.ts';
import { type Json, readCheckpoint, saveCheckpoint } from './checkpoint-files.ts';
import { readConfiguration } from './configuration.ts';
import { fitStateOf, fitTensorsOf, type StateBefore } from './saved-before.ts';
import type { TrainConfiguration } from './settings.ts';
import type { SavedTensors, Snapshot, Trainer, TrainerState } from './trainer.ts';

export interface SavedRun extends Snapshot {
  readonly configuration: TrainConfiguration;
  readonly vocabulary: Vocabulary;
  /** SHA-256 of the text, hexadecimal. */
  readonly textSha256: string;
}

/**
 * Saves the current state of a run into `directory`, replacing the saved one.
 * @throws UsageError if writing fails; the saved run is then still intact
 */
export function saveRun(directory: string, trainer: Trainer): void {
  const { configuration, text } = trainer;
  const { state, tensors } = trainer.snapshot();
  const saved = {
    configuration,
    vocabulary: text.vocabulary.characters.join(''),
    textSha256: text.sha256,
    ...state,
  };
  saveCheckpoint(directory, { state: saved as unknown as Json, tensors: writeSafetensors(tensors) });
}

/**
 * Reads what {@link saveRun} saved.
 * @throws UsageError if it is missing, damaged, or has another format
 */
export function readRun(directory: string): SavedRun {
  const { state: json, tensors: bytes } = readCheckpoint(directory);
  const where = `the saved state in ${directory}`;
  if (!isObject(json)) throw new UsageError(`${where} is damaged: it is not an object`);
  const { configuration, vocabulary, textSha256, position, fit, ...rest } = json;
  const before = fit === undefined;
  for (const [key, check] of Object.entries({ ...CHECKS, ...(before ? { position: isCount } : {}) })) {
    if (!check(json[key])) throw new UsageError(`${where} is damaged: its ${key} is invalid`);
  }
  const tensors = readTensors(bytes, directory);
  const old = json as unknown as StateBefore;
  const state = { ...rest, fit: before ? fitStateOf(old) : fit };
  return {
    configuration: readConfiguration(configuration, where),
    vocabulary: readVocabulary(vocabulary as string, where),
    textSha256: textSha256 as string,
    state: state as unknown as TrainerState,
    tensors: before ? fitTensorsOf(tensors, old) : tensors,
  };
}

type Check = (value: unknown) => boolean;

const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isNumber: Check = Number.isFinite;
const isText: Check = (value) => typeof value === 'string' && value !== '';

const CHECKS: Readonly<Record<'vocabulary' | 'textSha256' | Exclude<keyof TrainerState, 'fit'>, Check>> = {
  vocabulary: isText,
  textSha256: isText,
  iteration: isCount,
  smoothedLoss: isNumber,
  // Any name: a later version may have other kernels.
  kernels: isText,
  random: (value) =>
    isObject(value) &&
    Array.isArray(value.generator) &&
    value.generator.length === 4 &&
    value.generator.every((part) => Number.isInteger(part) && (part | 0) === part) &&
    (value.spare === null || isNumber(value.spare)),
};

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readVocabulary(joined: string, where: string): Vocabulary {
  const characters = [...joined];
  if (new Set(characters).size === characters.length) return new Vocabulary(characters);
  throw new UsageError(`${where} is damaged: its vocabulary has a character twice`);
}

function readTensors(bytes: Uint8Array, directory: string): SavedTensors {
  try {
    return readSafetensors(bytes).tensors;
  } catch (error) {
    if (!(error instanceof SafetensorsError)) throw error;
    throw new UsageError(`the saved model in ${directory} is damaged: ${error.message}`);
  }
}

/**
 * Assigns the saved weights with the least held-out loss to a model. Without evaluations the last
 * ones.
 * @throws UsageError if they do not fit
 */
export function assignWeights(model: CharModel, tensors: SavedTensors): void {
  const named = model.namedParameters();
  const group = named.some(([name]) => tensors.has(`best.${name}`)) ? 'best' : 'model';
  for (const [name, parameter] of named) {
    const saved = tensors.get(`${group}.${name}`);
    if (saved === undefined || !sameShape(saved.shape, parameter.shape))
      throw new UsageError(
        `the saved model is damaged: expected a tensor ${group}.${name} ${showShape(parameter.shape)}, ` +
          `got ${saved === undefined ? 'none' : showShape(saved.shape)}`,
      );
    parameter.assign(tensor(saved.data, { shape: saved.shape }));
  }
}
