/** PyTorch's names and conventions for cells, and for cells over time. */
import { type Parameter, ValueError } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import { listedShape } from '../exchange/bounded.ts';
import type { PlainArray } from '../exchange/elements.ts';
import type { Entries, StateForm } from './form.ts';

/**
 * The form of a module with a field `cell`: a cell, or layers of cells and of pairs of cells.
 * PyTorch's names are `weight_ih_l0`, and `weight_ih_l0_reverse` for the backward direction.
 */
export function layeredForm(cell: object): StateForm {
  if (!Array.isArray(cell)) return { names: { cell: '*_l0' } };
  const names = cell.flatMap((layer: object, l) =>
    Array.isArray(layer)
      ? [
          [`cell.${l}.0`, `*_l${l}`],
          [`cell.${l}.1`, `*_l${l}_reverse`],
        ]
      : [[`cell.${l}`, `*_l${l}`]],
  );
  return { names: Object.fromEntries(names) };
}

/** The two biases of a PyTorch cell, `bias_ih` and `bias_hh`. */
interface SplitBias {
  readonly biasIh: Parameter | null;
  readonly biasHh: Parameter | null;
}

/** The form of a cell that adds its two biases. If it has one, that is the sum of PyTorch's two. */
export function summedBiases({ biasIh, biasHh }: SplitBias): StateForm {
  if (biasIh === null || biasHh !== null) return {};
  return { zeros: { bias_hh: biasIh.shape }, adapt: sumBiases };
}

function sumBiases(entries: Entries): Entries {
  const ih = entries.get('bias_ih');
  const hh = entries.get('bias_hh');
  if (ih === undefined || hh === undefined) return entries;
  const all = new Map(entries).set('bias_ih', addArrays(ih, hh));
  all.delete('bias_hh');
  return all;
}

/** The elementwise sum, in float64 so that loading into float32 rounds once. */
function addArrays(a: PlainArray, b: PlainArray): PlainArray {
  if (showShape(a.shape) !== showShape(b.shape) || a.data.length !== b.data.length) {
    const got = `${listedShape(a.shape)} and ${listedShape(b.shape)}`;
    throw new ValueError(`expected bias_ih and bias_hh of equal shapes to add, got ${got}`);
  }
  return { shape: a.shape, data: Float64Array.from(a.data, (value, i) => value + (b.data[i] as number)) };
}

/** With `reset: 'before'`, the recurrent weight has a name that PyTorch does not know. */
const BEFORE = 'weight_hh_reset_before';
const AFTER = 'weight_hh';

interface Gru extends SplitBias {
  readonly hiddenSize: number;
  readonly reset: 'after' | 'before';
}

/** The form of a GRU cell. In PyTorch the reset gate is applied after the recurrent product. */
export function gruForm(cell: Gru): StateForm {
  const { reset, hiddenSize } = cell;
  const { zeros = {}, adapt: sum } = summedBiases(cell);
  return {
    names: reset === 'before' ? { weightHh: BEFORE } : {},
    alternatives: [AFTER, BEFORE],
    zeros,
    adapt: (entries) => {
      const converted = convert(entries, reset, hiddenSize);
      if (sum === undefined) return converted;
      // A bias inside the reset gate differs from one outside it.
      const hh = converted.get('bias_hh');
      if (reset === 'after' && hh !== undefined && !isZero(rowsOfN(hh)))
        throw new ValueError(
          'the rows n of bias_hh are not 0 and are inside the reset gate, so they cannot be added to bias_ih; make the cell with biases: 2',
        );
      return sum(converted);
    },
  };
}

/** Entries that compute the same function, with the recurrent weight under the name for `reset`. */
function convert(entries: Entries, reset: 'after' | 'before', hiddenSize: number): Entries {
  const [own, other] = reset === 'after' ? [AFTER, BEFORE] : [BEFORE, AFTER];
  const weight = entries.get(other);
  if (weight === undefined) return entries;
  if (entries.has(own)) throw new ValueError(`expected one of ${own} and ${other}, got both`);
  const converted = new Map(entries).set(own, weight);
  converted.delete(other);
  const hh = entries.get('bias_hh');
  const bias = hh === undefined ? [] : rowsOfN(hh);
  if (!isDiagonal(rowsOfN(weight), hiddenSize) || (reset === 'before' && !isZero(bias))) {
    const [theirs, pytorch] = reset === 'after' ? ['before', ''] : ['after', ", as PyTorch's"];
    throw new ValueError(
      `the weights are of a GRU with its reset gate ${theirs} the recurrent product${pytorch}, and this cell has it ${reset}: (r∘h)·Wᵀ and r∘(h·Wᵀ + b) are equal only if the rows n of the recurrent weight are diagonal and those of bias_hh, inside the gate, are 0; make the cell with reset: '${theirs}'`,
    );
  }
  // A bias outside the gate stays outside: the rows n move from bias_hh to bias_ih.
  const ih = entries.get('bias_ih');
  if (reset === 'after' && hh !== undefined && ih !== undefined && !isZero(bias)) {
    const only = (keep: (i: number) => boolean): PlainArray => ({
      shape: hh.shape,
      data: hh.data.map((value, i) => (keep(i) ? value : 0)),
    });
    const rowsN = only((i) => i >= 2 * hiddenSize);
    const rowsRZ = only((i) => i < 2 * hiddenSize);
    converted.set('bias_ih', addArrays(ih, rowsN)).set('bias_hh', rowsRZ);
  }
  return converted;
}

/** The last third of the rows: the candidate's. */
function rowsOfN({ data }: PlainArray): readonly number[] {
  return Array.from(data.subarray((data.length * 2) / 3));
}

function isZero(values: readonly number[]): boolean {
  return values.every((value) => value === 0);
}

function isDiagonal(values: readonly number[], size: number): boolean {
  return values.every((value, i) => value === 0 || i % (size + 1) === 0);
}
