/** The whole state of a run as plain data and named tensors, and its bytes. */
import { ChronogradError, type RandomState, type Tensor } from '@chronograd/tensor';
import { describeValue, joinPath, mapTensors, tensorLeaves } from '@chronograd/tensor/engine';
import { crc32 } from '../formats/npy/crc32.ts';
import { readSafetensors, type SafetensorsTensor, writeSafetensors } from '../formats/safetensors/index.ts';
import { shapeMismatch } from '../internal/shape-check.ts';
import type { BatchReader } from './batch-readers.ts';
import type { Json } from './json.ts';
import type { Progress } from './progress.ts';
import type { RunOptions } from './run-options.ts';
import type { Updates } from './update.ts';
import { fileTensor, fromFile, type WeightCopies } from './weights.ts';

/** The state of a run. With the same options it continues bit for bit. */
export interface FitSnapshot {
  /** Everything but tensors, as plain data. */
  readonly state: Json;
  /**
   * `model.<parameter>`, `optimizer.<name>`, `average.<parameter>`, `best.<parameter>`, and the
   * carried state: `carried` or `carried.<name>`.
   */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
}

/** A checkpoint is damaged, or belongs to another model, optimizer or set of options. */
export class CheckpointError extends ChronogradError {
  override readonly name = 'CheckpointError';
}

/** What a snapshot reads and restores. */
export interface RunParts {
  readonly options: RunOptions;
  readonly reader: BatchReader<readonly unknown[]>;
  readonly updates: Updates;
  readonly progress: Progress;
}

const FORMAT = 'chronograd-fit';
const CHECKSUM = 'crc32';
const VERSION = 1;

/** What JSON holds of a run. */
interface State {
  readonly version: number;
  readonly batches: Json;
  readonly progress: Json;
  readonly plateau: Json;
  readonly averaged: number;
  readonly randoms: readonly Json[];
}

/**
 * A copy of the state.
 * @param weights the weights of the last update.
 */
export function takeSnapshot(parts: RunParts, weights: WeightCopies): FitSnapshot {
  const { options, reader, updates, progress } = parts;
  const { optimizer, ema, plateau, randoms } = options;
  const tensors = new Map<string, SafetensorsTensor>();
  const add = (group: string, named: Iterable<readonly [string, Tensor]>): void => {
    for (const [name, x] of named) tensors.set(joinPath(group, name), fileTensor(x));
  };
  add('model', weights);
  add('optimizer', Object.entries(optimizer.state()));
  if (ema !== null) add('average', ema.weights);
  if (progress.bestWeights !== null) add('best', progress.bestWeights);
  add(
    'carried',
    tensorLeaves('fit', updates.carried).map(({ path, leaf }) => [path, leaf] as const),
  );
  const state: State = {
    version: VERSION,
    batches: reader.state,
    progress: progress.state,
    plateau: plateau?.state ?? null,
    averaged: ema?.updates ?? 0,
    randoms: randoms.map(({ state }) => ({ ...state })),
  };
  return { state: { ...state }, tensors };
}

/**
 * Restores a snapshot.
 * @throws CheckpointError if it does not fit. Nothing is changed then.
 */
export function restoreSnapshot(parts: RunParts, snapshot: FitSnapshot): void {
  const { state, tensors } = snapshot ?? {};
  const { options, reader, updates, progress } = parts;
  const { model, optimizer, ema, plateau, randoms, initialState } = options;
  const saved = requireState(state, randoms.length);
  if (!(tensors instanceof Map))
    throw new CheckpointError(
      `fit: expected a Map for the tensors of a snapshot, got ${describeValue(tensors)}`,
    );
  const group = (name: string): WeightCopies =>
    new Map(
      [...tensors].flatMap(([key, x]) =>
        key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), fromFile(x)] as const] : [],
      ),
    );
  const weights = group('model');
  const average = group('average');
  const best = group('best');
  const named = model.namedParameters();
  requireFit('the model', named, weights);
  if (ema !== null) requireFit('the average of the weights', [...ema.weights], average);
  if (best.size > 0) requireFit('the best weights', named, best);
  const initial = initialState?.();
  const leaves = tensorLeaves('fit', initial).map(
    ({ path, leaf }) => [joinPath('carried', path), leaf] as const,
  );
  const states: WeightCopies = new Map(
    leaves.flatMap(([name]) => {
      const x = tensors.get(name);
      return x === undefined ? [] : [[name, fromFile(x)] as const];
    }),
  );
  requireFit('the carried state', leaves, states);
  const carried = mapTensors('fit', initial, (_, path) => states.get(joinPath('carried', path)) as Tensor);
  // The optimizer checks its state before it changes.
  inCheckpoint(() => optimizer.loadState(Object.fromEntries(group('optimizer'))));
  inCheckpoint(() => reader.restore(saved.batches));
  if (plateau !== null && saved.plateau !== null) inCheckpoint(() => plateau.loadState(saved.plateau));
  for (const [name, parameter] of named) parameter.assign(weights.get(name) as Tensor);
  if (ema !== null) {
    for (const [name, x] of ema.weights) x.assign(average.get(name) as Tensor);
    ema.updates = saved.averaged;
  }
  for (const [i, random] of randoms.entries()) random.state = saved.randoms[i] as unknown as RandomState;
  progress.restore(saved.progress, best.size > 0 ? best : null);
  updates.carried = carried;
}

function requireState(state: Json, randoms: number): State {
  const saved = (state ?? {}) as unknown as Partial<State>;
  if (saved.version !== VERSION)
    throw new CheckpointError(
      `fit: expected a state of version ${VERSION}, got ${describeValue(saved.version)}; restore what snapshot() returned`,
    );
  if (saved.randoms?.length !== randoms)
    throw new CheckpointError(
      `fit: expected the states of ${randoms} random generators, got ${saved.randoms?.length ?? 'none'}; resume with the same model and randoms`,
    );
  return saved as State;
}

function requireFit(what: string, expected: Iterable<readonly [string, Tensor]>, got: WeightCopies): void {
  const named = new Map(expected);
  const wrong = shapeMismatch([...named], got, (name) => named.has(name));
  if (wrong !== null) throw new CheckpointError(`fit: the checkpoint does not fit ${what}: ${wrong}`);
}

/** The bytes of a snapshot: a safetensors file whose metadata hold the state and a checksum. */
export function encodeSnapshot({ state, tensors }: FitSnapshot): Uint8Array {
  const text = JSON.stringify(state);
  return writeSafetensors(tensors, { [FORMAT]: text, [CHECKSUM]: checksum(tensors, text) });
}

/** @throws CheckpointError for damaged bytes, and for those of anything else. */
export function decodeSnapshot(bytes: Uint8Array): FitSnapshot {
  return inCheckpoint(() => {
    const { tensors, metadata } = readSafetensors(bytes);
    const text = metadata[FORMAT];
    if (text === undefined)
      throw new CheckpointError('fit: expected a checkpoint of fit, got another safetensors file');
    if (metadata[CHECKSUM] !== checksum(tensors, text))
      throw new CheckpointError('fit: the checkpoint is damaged: its checksum does not match');
    return { state: JSON.parse(text) as Json, tensors };
  });
}

/** The CRC-32 of the file without the checksum. Equal tensors give equal bytes. */
function checksum(tensors: FitSnapshot['tensors'], text: string): string {
  return String(crc32(writeSafetensors(tensors, { [FORMAT]: text })));
}

/** Runs `body`. Its errors become one about the checkpoint. */
function inCheckpoint<R>(body: () => R): R {
  try {
    return body();
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    if (!(error instanceof ChronogradError || error instanceof SyntaxError)) throw error;
    throw new CheckpointError(`fit: the checkpoint cannot be used: ${error.message}`, { cause: error });
  }
}
