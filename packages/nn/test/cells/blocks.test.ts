import { compareGradients } from '@chronograd/autograd';
import { Random } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { blocksOf, GRUCell, LSTMCell, Recurrent, RNNCell, zoneout } from '../../src/index.ts';
import { EchoCell } from './wrappers.ts';

test('The gates of all cells in a model have the full names of their parameters as keys', () => {
  const random = new Random(1);
  const options = { random, biases: 1 } as const;
  const recurrent = new Recurrent([
    new LSTMCell(2, 2, options),
    new GRUCell(2, 2, options),
    new RNNCell(2, 2, options),
    new EchoCell(),
    zoneout(new GRUCell(2, 2, { random, biases: 0 }), 0.1, { random }),
  ]);
  const blocks = blocksOf(recurrent);
  expect(blocks).toStrictEqual({
    'cell.0.weightIh': ['i', 'f', 'g', 'o'],
    'cell.0.weightHh': ['i', 'f', 'g', 'o'],
    'cell.0.biasIh': ['i', 'f', 'g', 'o'],
    'cell.1.weightIh': ['r', 'z', 'n'],
    'cell.1.weightHh': ['r', 'z', 'n'],
    'cell.1.biasIh': ['r', 'z', 'n'],
    'cell.4.cell.weightIh': ['r', 'z', 'n'],
    'cell.4.cell.weightHh': ['r', 'z', 'n'],
  });
  expect(blocksOf(new LSTMCell(2, 2, { random, biases: 0 }))).toEqual({
    weightIh: ['i', 'f', 'g', 'o'],
    weightHh: ['i', 'f', 'g', 'o'],
  });
  // A model around it: the names of its fields come first, and the rest ends in these.
  const tree = (n: number) => ({ recurrent: { cell: [{}, { biasIh: [1, 1, 1, 1, n, 1] }] } });
  expect(compareGradients(tree(2), tree(1), { blocks }).worst.place).toMatchObject({ gate: 'n', row: 0 });
});
