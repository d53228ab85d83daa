/** All experiments, in the order of the report. */
import { architectures } from './architectures/present.ts';
import { clipping } from './clipping/present.ts';
import type { Experiment } from './common/experiment.ts';
import { gradientFlow } from './gradient-flow/present.ts';
import { hiddenStates } from './hidden-states/present.ts';
import { initialization } from './initialization/present.ts';
import { learningRate } from './learning-rate/present.ts';
import { manualGradients } from './manual-gradients/present.ts';
import { memory } from './memory/present.ts';
import { sequenceLength } from './sequence-length/present.ts';
import { training } from './training/present.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  training,
  gradientFlow,
  initialization,
  learningRate,
  sequenceLength,
  clipping,
  architectures,
  memory,
  hiddenStates,
  manualGradients,
];
