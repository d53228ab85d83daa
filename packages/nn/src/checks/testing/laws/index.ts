/** All laws, in the order in which to read their failures. */
import type { Law } from '../law.ts';
import { backward } from './backward.ts';
import { batch, permutation } from './batch.ts';
import { determinism, float32 } from './bits.ts';
import { everyParameter, finalState } from './flow.ts';
import { gradients, secondOrder } from './gradients.ts';
import { padding, reversal } from './padding.ts';
import { shapes } from './shapes.ts';
import { projection, split } from './time.ts';

export const laws: readonly Law[] = [
  shapes,
  determinism,
  gradients,
  backward,
  secondOrder,
  everyParameter,
  finalState,
  batch,
  permutation,
  split,
  projection,
  padding,
  reversal,
  float32,
];
