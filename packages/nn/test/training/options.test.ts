import { ones, Random, ValueError } from '@chronograd/tensor';
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
  [{ ...right, plan: 0 }, 'expected true or false for plan, got 0'],
  [{ ...right, accumulate: 0 }, 'expected a whole number from 1 on for accumulate, got 0'],
  [{ ...right, epochs: 0 }, 'expected a whole number from 1 on for epochs, got 0'],
  ...['initialState', 'inspect', 'around', 'pause'].map(
    (name) => [{ ...right, [name]: 3 }, 'expected a function'] as const,
  ),
  [{ ...right, clip: 5 }, 'expected '],
  [{ ...right, clip: { value: 0 } }, 'expected a number above 0 for clip.value, got 0'],
  [{ ...right, clip: { value: 1, norms: 1 } }, 'unknown option "norms"; did you mean norm?'],
  [
    { ...right, validation: { every: 1, batches: [[1]], measure: () => 1 } },
    'expected { every: 100, batches',
  ],
  [{ ...right, validation: { every: 1, batches: 3 } }, 'expected an iterable of batches'],
  [{ ...right, validation: { every: 1, measure: 3 } }, 'expected a function'],
  ...[
    [{ patience: 0 }, 'a whole number from 1 on for validation.patience, got 0'],
    [{ minDelta: -1 }, 'a number from 0 on for validation.minDelta, got -1'],
    [{ patients: 1 }, null],
  ].map(
    ([change, message]) =>
      [
        { ...right, validation: { every: 1, measure: () => 1, ...(change as object) } },
        message === null ? 'unknown option "patients"' : `expected ${message}`,
      ] as const,
  ),
  [{ ...right, finalWeights: 'first' }, "expected 'last', 'best' or 'average' for finalWeights"],
  ...[{ read: () => null }, { write: () => undefined }, null, 3].map(
    (storage) => [{ ...right, checkpoint: { storage } }, 'expected { read, write }'] as const,
  ),
  [{ ...right, checkpoint: { ...checkpoint, name: 3 } }, 'expected a name for checkpoint.name, got a number'],
  [
    { ...right, checkpoint: { ...checkpoint, every: 0 } },
    'expected a whole number from 1 on for checkpoint.every',
  ],
  [
    { ...right, checkpoint: { ...checkpoint, resume: 1 } },
    'expected true or false for checkpoint.resume, got 1',
  ],
  [{ ...right, checkpoint: { ...checkpoint, nam: 'a' } }, 'unknown option "nam"; did you mean name?'],
  [{ ...right, randoms: new Random(1) }, 'expected an array of Randoms for randoms, got '],
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

test('Options that fit are accepted: no limits, any of the final weights, a measure or batches', () => {
  const measured = { every: 1, measure: () => 1 };
  for (const options of [
    { steps: Infinity },
    { validation: { ...measured, patience: Infinity, minDelta: 0, mode: 'max' } },
    { validation: { every: 1, batches: [[1]] } },
    { validation: measured, finalWeights: 'best' },
    { validation: measured, finalWeights: 'last' },
    { ema: 0.5, finalWeights: 'average' },
    { checkpoint: { ...checkpoint, name: 'a', every: 1, resume: false } },
    { initialState: undefined, inspect: undefined, clip: null, randoms: [] },
  ] as const)
    expect(() => fit({ ...right, ...options } as typeof right)).not.toThrow();
});
