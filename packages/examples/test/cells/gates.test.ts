import { Recurrent } from '@chronograd/nn';
import { recordTaps } from '@chronograd/nn/probe';
import { normal, Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { type ZooName, zoo } from './zoo.ts';

/** What each cell of the zoo names, in the order in which it computes it. */
const NAMED: Readonly<Record<ZooName, readonly string[]>> = {
  'peephole-lstm': ['i', 'f', 'g', 'c', 'o'],
  'layer-norm-lstm': ['f', 'i', 'g', 'c', 'o'],
  'coupled-lstm': ['i', 'g', 'c', 'o'],
  'min-gru': ['z', 'n'],
  mgu: ['f', 'n'],
  'ind-rnn': [],
  'fast-grnn': ['z', 'n'],
  'antisymmetric-rnn': [],
};

test.each(zoo)(
  'Probes see the gates that %s has, at every step, and gates lie between 0 and 1',
  (name, make) => {
    const options = { random: new Random(1), dtype: 'float64' } as const;
    const recurrent = new Recurrent(make(3, 2, options));
    const { taps } = recordTaps(recurrent, () => recurrent.forward(normal([4, 2, 3], options)));
    const named = Object.keys(taps).filter((each) => !/^cell\.(state|output)/.test(each));
    expect(named).toEqual(NAMED[name].map((each) => `cell.${each}`));
    for (const each of named) {
      expect(taps[each]!.shape).toEqual([4, 2, 2]);
      const isGate = !/[cgn]$/.test(each);
      expect(taps[each]!.toTypedArray().every((value) => !isGate || (value > 0 && value < 1))).toBe(true);
    }
  },
);
