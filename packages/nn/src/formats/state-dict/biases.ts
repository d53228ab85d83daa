/** One bias vector where PyTorch has two: `bias_ih` and `bias_hh`. */
import { type Parameter, ValueError } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import { listedShape } from '../exchange/bounded.ts';
import type { PlainArray } from '../exchange/elements.ts';
import type { Entries, StateForm } from './form.ts';

/** The biases of a cell, as PyTorch has them. */
export interface TwoBiases {
  readonly biasIh: Parameter | null;
  readonly biasHh: Parameter | null;
}

/** The form of a cell that adds its two biases up: with one of them, it stands for the sum of both. */
export function summedBiases({ biasIh, biasHh }: TwoBiases): StateForm {
  if (biasIh === null || biasHh !== null) return {};
  return { zeros: { bias_hh: biasIh.shape }, adapt: sumBiases };
}

/** The entries with `bias_hh` added to `bias_ih`. @throws ValueError where their shapes differ */
export function sumBiases(entries: Entries): Entries {
  const ih = entries.get('bias_ih');
  const hh = entries.get('bias_hh');
  if (ih === undefined || hh === undefined) return entries;
  const all = new Map(entries).set('bias_ih', plus(ih, hh));
  all.delete('bias_hh');
  return all;
}

/** The elementwise sum. @throws ValueError where the shapes differ */
export function plus(a: PlainArray, b: PlainArray): PlainArray {
  if (showShape(a.shape) !== showShape(b.shape) || a.data.length !== b.data.length)
    throw new ValueError(
      `bias_ih ${listedShape(a.shape)} and bias_hh ${listedShape(b.shape)} came to be added up, equal shapes were expected`,
    );
  // In float64, so that loading into float32 rounds once.
  return { shape: a.shape, data: Float64Array.from(a.data, (value, i) => value + (b.data[i] as number)) };
}
