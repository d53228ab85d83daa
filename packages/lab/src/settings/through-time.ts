/** Settings of the panel "Through time". */
export interface ThroughTimeSettings {
  /** Spectral radius of each recurrent matrix, and of each gate's. */
  readonly radius: number;
  /** Added to the bias of gate f, in cells that have one. */
  readonly forgetBias: number;
  /** T, steps. */
  readonly steps: number;
  /** H, hidden units. */
  readonly hiddenSize: number;
  /** Standard deviation of the inputs, which are normal. Large ones saturate the units. */
  readonly inputs: number;
  readonly seed: number;
}

export const throughTimeDefaults: ThroughTimeSettings = {
  radius: 0.9,
  forgetBias: 0,
  steps: 60,
  hiddenSize: 16,
  inputs: 0.1,
  seed: 1,
};
