/** A GRU's two conventions in state dicts: PyTorch's names say that the reset gate stands after the recurrent product. */
import { ValueError } from '@chronograd/tensor';
import type { PlainArray } from '../exchange/elements.ts';
import { plus, sumBiases, type TwoBiases } from './biases.ts';
import type { Entries, StateForm } from './form.ts';

/** The recurrent weight's name where the reset gate stands before the product: PyTorch does not know it, and says so. */
const BEFORE = 'weight_hh_reset_before';
const AFTER = 'weight_hh';

interface Gru extends TwoBiases {
  readonly hiddenSize: number;
  readonly reset: 'after' | 'before';
}

/** The form of a GRU cell. */
export function gruForm(cell: Gru): StateForm {
  const { biasIh, biasHh, reset, hiddenSize } = cell;
  const oneBias = biasIh !== null && biasHh === null;
  return {
    names: reset === 'before' ? { weightHh: BEFORE } : {},
    alternatives: [AFTER, BEFORE],
    ...(oneBias ? { zeros: { bias_hh: biasIh.shape } } : {}),
    adapt: (entries) => {
      const converted = convert(entries, reset, hiddenSize);
      if (!oneBias) return converted;
      // Within the reset gate a bias is another than outside of it.
      const hh = converted.get('bias_hh');
      if (reset === 'after' && hh !== undefined && !isZero(rowsOfN(hh)))
        throw new ValueError(
          'the rows n of bias_hh are not 0, and stand inside the reset gate: they cannot be added to bias_ih; make the cell with biases: 2',
        );
      return sumBiases(converted);
    },
  };
}

/** The entries with the recurrent weight under the name for `reset`, and the same function. */
function convert(entries: Entries, reset: 'after' | 'before', hiddenSize: number): Entries {
  const [own, other] = reset === 'after' ? [AFTER, BEFORE] : [BEFORE, AFTER];
  const weight = entries.get(other);
  if (weight === undefined) return entries;
  if (entries.has(own)) throw new ValueError(`both ${own} and ${other} came, one was expected`);
  const converted = new Map(entries).set(own, weight);
  converted.delete(other);
  const hh = entries.get('bias_hh');
  const bias = hh === undefined ? undefined : rowsOfN(hh);
  if (!isDiagonal(rowsOfN(weight), hiddenSize) || (reset === 'before' && !isZero(bias))) {
    throw new ValueError(
      `the weights are of a GRU with its reset gate ${reset === 'after' ? 'before' : 'after'} the recurrent product${reset === 'before' ? ", as PyTorch's" : ''}, and this cell has it ${reset}: (r∘h)·Wᵀ and r∘(h·Wᵀ + b) are the same only where the rows n of the recurrent weight are diagonal and those of bias_hh, inside the gate, are 0; make the cell with reset: '${reset === 'after' ? 'before' : 'after'}'`,
    );
  }
  // What stood outside of the gate stays outside: the rows n move from bias_hh to bias_ih.
  const ih = entries.get('bias_ih');
  if (reset === 'after' && hh !== undefined && ih !== undefined && !isZero(bias)) {
    const only = (keep: (i: number) => boolean): PlainArray => ({
      shape: hh.shape,
      data: hh.data.map((value, i) => (keep(i) ? value : 0)),
    });
    converted.set(
      'bias_ih',
      plus(
        ih,
        only((i) => i >= 2 * hiddenSize),
      ),
    );
    converted.set(
      'bias_hh',
      only((i) => i < 2 * hiddenSize),
    );
  }
  return converted;
}

/** The values of the last third of the rows: the candidate's. */
function rowsOfN({ data }: PlainArray): readonly number[] {
  return Array.from(data.subarray((data.length * 2) / 3));
}

function isZero(values: readonly number[] | undefined): boolean {
  return values === undefined || values.every((value) => value === 0);
}

function isDiagonal(values: readonly number[], size: number): boolean {
  return values.every((value, i) => value === 0 || i % (size + 1) === 0);
}
