/** What a run of `fit` reports. All fields are plain data. */

/** A completed update. */
export interface StepEvent {
  readonly type: 'step';
  /** The number of completed updates. */
  readonly step: number;
  /** The current pass over the batches, from 1 on. */
  readonly epoch: number;
  /** The loss of the batch before the update. With `accumulate`: the mean of its batches. */
  readonly loss: number;
  /** The global norm of the gradients before clipping. Null when they are clipped by value. */
  readonly gradientNorm: number | null;
  /** The learning rate of the update, schedule included, of parameters without a group's own. */
  readonly lr: number;
}

/** A measurement on held-out data. */
export interface ValidationEvent {
  readonly type: 'validation';
  readonly step: number;
  readonly loss: number;
  /** The best loss so far, this one included. Null if none was finite. */
  readonly best: number | null;
  readonly bestStep: number | null;
  /** Whether this one is the best. */
  readonly improved: boolean;
  /** The number of validations since the best. */
  readonly bad: number;
  /** The learning rate before the schedule, after a reduction on a plateau. */
  readonly lr: number;
}

/** The weights of a validation were kept as the best so far. */
export interface ImprovedEvent {
  readonly type: 'improved';
  readonly step: number;
  readonly loss: number;
}

/** A checkpoint was written. */
export interface SavedEvent {
  readonly type: 'saved';
  readonly step: number;
  /** The size of the checkpoint. */
  readonly bytes: number;
}

/**
 * Why a run ended: `steps` updates were made, the batches ended, `patience` validations were not
 * better, or it was asked to stop.
 */
export type FitEnd = 'steps' | 'epochs' | 'patience' | 'stopped';

/** The weights in the model after a run: of the last step, of the best validation, or averaged. */
export type FinalWeights = 'last' | 'best' | 'average';

/** The end of a run. */
export interface DoneEvent {
  readonly type: 'done';
  readonly step: number;
  readonly reason: FitEnd;
  /** The weights that are now in the model. */
  readonly weights: FinalWeights;
  readonly best: number | null;
  readonly bestStep: number | null;
}

/** An event of `fit`. */
export type FitEvent = StepEvent | ValidationEvent | ImprovedEvent | SavedEvent | DoneEvent;
