/** Settings of the panel "One step". */
export interface OneStepSettings {
  /** H, hidden units. */
  readonly hiddenSize: number;
  /** T, steps of the whole run. */
  readonly steps: number;
  /** The shown step, from 1. */
  readonly shown: number;
  readonly seed: number;
  /** The operation that the walk has reached, forward then backward. −1: all are shown. */
  readonly position: number;
}

export const oneStepDefaults: OneStepSettings = {
  hiddenSize: 2,
  steps: 4,
  shown: 3,
  seed: 1,
  position: -1,
};
