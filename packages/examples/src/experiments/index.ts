/** All experiments, in the order of the report. A new one is a file here, and a line in the list. */
import { architectures } from './architectures.ts';
import { clipping } from './clipping.ts';
import type { Experiment } from './common/experiment.ts';
import { flow } from './gradient-flow.ts';
import { hiddenStates } from './hidden-states.ts';
import { initialization } from './initialization.ts';
import { manualGradients } from './manual-gradients.ts';
import { memory } from './memory.ts';
import { sequenceLength } from './sequence-length.ts';
import { training } from './training.ts';

export const EXPERIMENTS: readonly Experiment[] = [
  training,
  flow,
  initialization,
  sequenceLength,
  clipping,
  architectures,
  memory,
  hiddenStates,
  manualGradients,
];
