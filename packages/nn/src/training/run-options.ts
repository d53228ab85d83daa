/** The checked options of a run, with all defaults. */
import { Random, ValueError } from '@chronograd/tensor';
import { checkOptions, describeValue, type OptionKeys, requireFunction } from '@chronograd/tensor/engine';
import { requireObject, requireOptions } from '../internal/options.ts';
import {
  requireAboveZero,
  requireBoolean,
  requireCount,
  requireDecay,
  requireFromZero,
  requireModule,
  requireOneOf,
} from '../internal/require.ts';
import { Optimizer } from '../optim/optimizer.ts';
import { randomsIn } from '../parallel/randoms.ts';
import type { ShardOptions } from '../parallel/shards.ts';
import { isSource, requireIterable } from './batch-readers.ts';
import { ExponentialMovingAverage } from './ema.ts';
import type { AnyLoss } from './evaluate.ts';
import type { FinalWeights } from './events.ts';
import type { Clip, FitCheckpoint, FitOptions, FitValidation } from './options.ts';
import { ReduceLROnPlateau } from './plateau.ts';
import { requireWorkers, shardsOf } from './shard-options.ts';

type AnyOptions = FitOptions<readonly unknown[]>;
type Defaulted =
  | 'epochs'
  | 'loss'
  | 'initialState'
  | 'ema'
  | 'signal'
  | 'inspect'
  | 'around'
  | 'pause'
  | 'shards';

/** The options with all defaults. */
export interface RunOptions
  extends Required<Omit<AnyOptions, Defaulted>>,
    Pick<AnyOptions, 'signal' | 'inspect' | 'around' | 'pause'> {
  readonly epochs: number;
  readonly loss: AnyLoss;
  readonly initialState: (() => unknown) | undefined;
  readonly ema: ExponentialMovingAverage | null;
  /** Null: the batch is not split. */
  readonly shards: ShardOptions | null;
}

const KEYS: OptionKeys<AnyOptions> = {
  model: true,
  optimizer: true,
  loss: true,
  batches: true,
  initialState: true,
  steps: true,
  epochs: true,
  accumulate: true,
  clip: true,
  validation: true,
  plateau: true,
  shards: true,
  workers: true,
  ema: true,
  finalWeights: true,
  checkpoint: true,
  randoms: true,
  signal: true,
  inspect: true,
  around: true,
  pause: true,
  check: true,
  plan: true,
};
const VALIDATION: OptionKeys<FitValidation<readonly unknown[]>> = {
  every: true,
  batches: true,
  measure: true,
  patience: true,
  minDelta: true,
  mode: true,
};
const CHECKPOINT: OptionKeys<FitCheckpoint> = { storage: true, name: true, every: true, resume: true };

const OP = 'fit';

/** @throws ValueError for invalid options. */
export function runOptions(options: object): RunOptions {
  const example = '{ model, optimizer, loss, batches }';
  const given = requireOptions(OP, options as AnyOptions, example, KEYS);
  const { model, optimizer, loss, batches, initialState, randoms = [] } = given;
  const { clip = null, validation = null, plateau = null, checkpoint = null } = given;
  const { steps = Infinity, accumulate = 1, check = true, plan = true, workers = null } = given;
  requireModule(OP, model);
  requireInstance(Optimizer, 'optimizer', optimizer);
  requireFunction(OP, loss, '{ loss: (x, y) => … }');
  if (!isSource(batches) && typeof batches !== 'function') requireIterable(OP, batches);
  for (const [name, count] of Object.entries({ steps, accumulate }))
    if (count !== Infinity || name === 'accumulate') requireCount(OP, name, count);
  for (const [name, flag] of Object.entries({ check, plan })) requireBoolean(OP, name, flag);
  for (const name of ['initialState', 'inspect', 'around', 'pause'] as const)
    if (given[name] !== undefined) requireFunction(OP, given[name], `{ ${name}: … }`);
  if (plateau !== null) requireInstance(ReduceLROnPlateau, 'plateau', plateau);
  requireClip(clip);
  if (validation !== null) requireValidation(validation);
  if (checkpoint !== null) requireCheckpoint(checkpoint);
  const ema = averageOf(given);
  const shards = shardsOf(given);
  if (workers !== null) requireWorkers(given, workers, shards);
  return {
    ...given,
    steps,
    accumulate,
    check,
    plan,
    clip,
    validation,
    plateau,
    checkpoint,
    loss: loss as AnyLoss,
    initialState,
    ema,
    shards,
    workers,
    epochs: epochsOf(given),
    randoms: randomsOf(given, randoms),
    finalWeights: finalWeightsOf(given, ema !== null),
  };
}

function requireInstance(
  type: abstract new (...args: never[]) => object,
  name: string,
  value: unknown,
): void {
  if (value instanceof type) return;
  throw new ValueError(`${OP}: expected ${type.name} for ${name}, got ${describeValue(value)}`);
}

function requireClip(clip: Clip | null): void {
  if (clip === null) return;
  requireObject(OP, clip, '{ value: 5 } or { norm: 1 }', 'clip');
  checkOptions<{ value?: number; norm?: number }>(OP, clip, { value: true, norm: true });
  if ((clip.value === undefined) === (clip.norm === undefined))
    throw new ValueError(
      `${OP}: expected { value: 5 } or { norm: 1 } for clip, got ${clip.value === undefined ? 'neither' : 'both'}`,
    );
  if (clip.value !== undefined) requireAboveZero(OP, 'clip.value', clip.value);
  else requireAboveZero(OP, 'clip.norm', clip.norm);
}

function requireValidation(validation: FitValidation<readonly unknown[]>): void {
  const example = '{ every: 100, batches: heldOut }';
  const { every, batches, measure, patience, minDelta, mode } = requireOptions(
    OP,
    validation,
    example,
    VALIDATION,
  );
  requireCount(OP, 'validation.every', every);
  if ((batches === undefined) === (measure === undefined))
    throw new ValueError(
      `${OP}: expected ${example}, or measure in place of batches, got ${batches === undefined ? 'neither' : 'both'}`,
    );
  if (batches !== undefined) requireIterable(OP, batches);
  else requireFunction(OP, measure, '{ measure: () => loss }');
  if (patience !== undefined && patience !== Infinity) requireCount(OP, 'validation.patience', patience);
  if (minDelta !== undefined) requireFromZero(OP, 'validation.minDelta', minDelta);
  if (mode !== undefined) requireOneOf('min', 'max')(OP, 'validation.mode', mode);
}

function requireCheckpoint(checkpoint: FitCheckpoint): void {
  const example = '{ storage: memoryStorage() }';
  const { storage, name, every, resume } = requireOptions(OP, checkpoint, example, CHECKPOINT);
  if (typeof storage?.read !== 'function' || typeof storage.write !== 'function')
    throw new ValueError(
      `${OP}: expected { read, write } for checkpoint.storage, got ${describeValue(storage)}; for example memoryStorage()`,
    );
  if (name !== undefined && (typeof name !== 'string' || name === ''))
    throw new ValueError(`${OP}: expected a name for checkpoint.name, got ${describeValue(name)}`);
  if (every !== undefined) requireCount(OP, 'checkpoint.every', every);
  if (resume !== undefined) requireBoolean(OP, 'checkpoint.resume', resume);
}

function averageOf({ model, ema = null }: AnyOptions): ExponentialMovingAverage | null {
  if (ema === null) return null;
  requireDecay(OP, 'ema', ema);
  return new ExponentialMovingAverage(model, { decay: ema });
}

function epochsOf({ batches, steps, epochs }: AnyOptions): number {
  if (epochs !== undefined) requireCount(OP, 'epochs', epochs);
  return epochs ?? (steps === undefined && !isSource(batches) ? 1 : Infinity);
}

/** The given generators and those in fields of modules, each once. */
function randomsOf({ model }: AnyOptions, given: readonly Random[]): readonly Random[] {
  if (!Array.isArray(given) || !given.every((each) => each instanceof Random))
    throw new ValueError(`${OP}: expected an array of Randoms for randoms, got ${describeValue(given)}`);
  return randomsIn(model, given);
}

function finalWeightsOf({ finalWeights, validation = null }: AnyOptions, averaged: boolean): FinalWeights {
  if (finalWeights === undefined) return validation !== null ? 'best' : averaged ? 'average' : 'last';
  requireOneOf('last', 'best', 'average')(OP, 'finalWeights', finalWeights);
  if (finalWeights === 'best' && validation === null)
    throw new ValueError(`${OP}: expected validation for finalWeights 'best', got none`);
  if (finalWeights === 'average' && !averaged)
    throw new ValueError(`${OP}: expected ema for finalWeights 'average', got none`);
  return finalWeights;
}
