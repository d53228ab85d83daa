import { ones, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { copyWeights, fileTensor, fromFile, putWeights } from '../../src/training/weights.ts';
import { CharModel, valuesOf } from './models.ts';

test('Copies keep their values when the model changes, and parameters without a copy keep theirs', () => {
  const model = new CharModel();
  const before = valuesOf(model);
  const copies = copyWeights(model);
  for (const [, parameter] of model.namedParameters()) parameter.assign(ones(parameter.shape));
  const after = valuesOf(model);
  putWeights(model, new Map());
  expect(valuesOf(model)).toEqual(after);
  putWeights(model, copies);
  expect(valuesOf(model)).toEqual(before);
});

test.each(['float32', 'float64', 'int32'] as const)(
  'A tensor comes back from its form in a file: %s',
  (dtype) => {
    const x = tensor([3, -1, 2], { dtype });
    const back = fromFile(fileTensor(x));
    expect([back.dtype, back.shape, back.toArray()]).toEqual([dtype, [3], [3, -1, 2]]);
  },
);
