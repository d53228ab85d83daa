/**
 * Training: a loop for any model, loss and batches, with validation, best weights and checkpoints.
 * See docs/training.md.
 */
export type {
  Batches,
  BatchIterable,
  BatchSource,
  NextBatch,
} from './batches.ts';
export { ExponentialMovingAverage, type ExponentialMovingAverageOptions } from './ema.ts';
export { type CarryEvaluateOptions, type EvaluateOptions, evaluateLoss } from './evaluate.ts';
export type {
  DoneEvent,
  FinalWeights,
  FitEnd,
  FitEvent,
  ImprovedEvent,
  SavedEvent,
  StepEvent,
  ValidationEvent,
} from './events.ts';
export { type Fit, fit } from './fit.ts';
export type { Json } from './json.ts';
export {
  type CarryLRRangeTestOptions,
  type LRRangeTestOptions,
  type LRRangeTestSettings,
  lrRangeTest,
} from './lr-range-test.ts';
export type {
  CarryFitOptions,
  Clip,
  FitCheckpoint,
  FitOptions,
  FitSettings,
  FitValidation,
} from './options.ts';
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './plateau.ts';
export type { Best } from './progress.ts';
export type { LRRangeTest } from './range-curve.ts';
export { CheckpointError, type FitSnapshot } from './snapshot.ts';
export { type FileSystem, folderStorage, type OpenFile } from './storage/folder.ts';
export {
  type Database,
  type DatabaseFactory,
  type DatabaseRequest,
  type DatabaseTransaction,
  indexedDBStorage,
} from './storage/indexed-db.ts';
export { memoryStorage } from './storage/memory.ts';
export type { CheckpointStorage } from './storage/storage.ts';
export { type StreamBatchesOptions, streamBatches } from './stream-batches.ts';
export { NonFiniteStepError } from './update.ts';
