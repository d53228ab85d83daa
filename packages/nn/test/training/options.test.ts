import { ones, ValueError } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { SGD } from '../../src/index.ts';
import { fit, memoryStorage, streamBatches } from '../../src/training/index.ts';
import { CharModel } from './models.ts';

const model = new CharModel();
const optimizer = new SGD(model, { lr: 0.1 });
const right = { model, optimizer, loss: () => ones([]), batches: [[1]] };
const checkpoint = { storage: memoryStorage() };

const wrong: readonly (readonly [object, string])[] = [
  [{ ...right, model: {} }, 'expected a module, got an object'],
  [{ ...right, optimizer: {} }, 'expected Optimizer for optimizer, got an object'],
  [{ ...right, loss: ones([]) }, 'expected a function'],
  [
    { ...right, batches: 3 },
    'expected an iterable of batches for batches, got a number; for example [[x, y]]',
  ],
  [{ ...right, steps: 0 }, 'expected a whole number from 1 on for steps, got 0'],
  [{ ...right, epochs: 1.5 }, 'expected a whole number from 1 on for epochs, got 1.5'],
  [{ ...right, accumulate: Infinity }, 'expected a whole number from 1 on for accumulate, got Infinity'],
  [{ ...right, clip: {} }, 'expected { value: 5 } or { norm: 1 } for clip, got neither'],
  [{ ...right, clip: { value: 1, norm: 1 } }, 'expected { value: 5 } or { norm: 1 } for clip, got both'],
  [{ ...right, clip: { norm: -1 } }, 'expected a number above 0 for clip.norm, got -1'],
  [
    { ...right, validation: { every: 2 } },
    'expected { every: 100, batches: heldOut }, or measure in place of batches, got neither',
  ],
  [
    { ...right, validation: { every: 0, measure: () => 1 } },
    'expected a whole number from 1 on for validation.every, got 0',
  ],
  [
    { ...right, validation: { every: 1, measure: () => 1, mode: 'low' } },
    "expected 'min' or 'max' for validation.mode, got",
  ],
  [{ ...right, ema: 1 }, 'expected a number from 0 on, below 1 for ema, got 1'],
  [{ ...right, plateau: {} }, 'expected ReduceLROnPlateau for plateau, got an object'],
  [{ ...right, finalWeights: 'best' }, "expected validation for finalWeights 'best', got none"],
  [{ ...right, finalWeights: 'average' }, "expected ema for finalWeights 'average', got none"],
  [{ ...right, checkpoint: {} }, 'expected { read, write } for checkpoint.storage, got undefined'],
  [{ ...right, checkpoint: { ...checkpoint, name: '' } }, 'expected a name for checkpoint.name, got'],
  [{ ...right, randoms: [3] }, 'expected an array of Randoms for randoms, got an array'],
  [{ ...right, check: 1 }, 'expected true or false for check, got 1'],
];

test.each(wrong)('Invalid options are refused by name before anything runs: %#', (options, message) => {
  expect(() => fit(options as typeof right)).toThrow(ValueError);
  expect(() => fit(options as typeof right)).toThrow(`fit: ${message}`);
});

test('A batch that is not an array, a second loop over a run and saving without storage are refused', async () => {
  const events = async (run: ReturnType<typeof fit>) => {
    for await (const _event of run);
  };
  await expect(events(fit({ ...right, batches: [ones([1])] as never }))).rejects.toThrow(
    "fit: expected an array of the loss's arguments for a batch, got a Tensor",
  );
  const run = fit({ ...right, loss: () => model.decoder.weight.sum(), check: false });
  const first = run[Symbol.asyncIterator]();
  await first.next();
  await expect(events(run)).rejects.toThrow('fit: expected one loop over a run at a time, got a second one');
  await first.return(undefined);
  await events(run);
  await expect(events(fit({ ...right, around: () => undefined, check: false }))).rejects.toThrow(
    'fit: expected around to call its argument once, got 0 calls',
  );
  await expect(run.save()).rejects.toThrow('save: expected the option checkpoint of fit, got none');
  expect(() => streamBatches([] as never)).toThrow('streamBatches: expected Streams, got an');
});
