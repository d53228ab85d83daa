import type { Tensor } from '@chronograd/tensor';
import { expectTypeOf, test } from 'vitest';
import { Adam, type LSTMState } from '../../src/index.ts';
import { type Fit, type FitEvent, fit, type LRRangeTest, lrRangeTest } from '../../src/training/index.ts';
import { CharModel, windows } from './models.ts';

// The compiler checks this file (`pnpm typecheck`); running it shows that the types are right.
test('The loss takes the batch, and with an initial state its type', async () => {
  const model = new CharModel();
  const run = { model, optimizer: new Adam(model), batches: windows(1) };
  const initialState = () => model.recurrent.initialState(2);
  const carried = fit({
    ...run,
    initialState,
    loss: (x, y, state) => {
      expectTypeOf([x, y]).toEqualTypeOf<Tensor[]>();
      expectTypeOf(state).toEqualTypeOf<LSTMState>();
      return model.loss(x, y, state);
    },
  });
  expectTypeOf(carried).toEqualTypeOf<Fit<LSTMState>>();
  expectTypeOf(carried.carried).toEqualTypeOf<LSTMState>();
  for await (const event of carried) {
    expectTypeOf(event).toEqualTypeOf<FitEvent>();
    if (event.type === 'validation') expectTypeOf(event.improved).toEqualTypeOf<boolean>();
  }
  // Arrays of unknown length fit losses of any number of tensors.
  const loose: Tensor[][] = windows(1);
  fit({ ...run, batches: loose, loss: (x: Tensor, y: Tensor) => model.loss(x, y, initialState()) });
  // @ts-expect-error the loss has more arguments than a batch
  fit({ ...run, loss: (x: Tensor, y: Tensor, z: Tensor) => model.loss(x, y, initialState()).value.add(z) });
  // @ts-expect-error a loss is a tensor
  fit({ ...run, loss: () => 3 });
  // @ts-expect-error the next state is missing
  const stateless = () => fit({ ...run, initialState, loss: (x, y, s) => model.loss(x, y, s).value });
  expectTypeOf(stateless).toBeFunction();
});

test('A range test takes what fit takes, but not its end, validation and checkpoints', async () => {
  const model = new CharModel();
  const run = { model, optimizer: new Adam(model), batches: windows(1), steps: 1 };
  const initialState = () => model.recurrent.initialState(2);
  const result = await lrRangeTest({
    ...run,
    initialState,
    loss: (x, y, state) => {
      expectTypeOf([x, y]).toEqualTypeOf<Tensor[]>();
      expectTypeOf(state).toEqualTypeOf<LSTMState>();
      return model.loss(x, y, state);
    },
  });
  expectTypeOf(result).toEqualTypeOf<LRRangeTest>();
  expectTypeOf(result.suggestion).toEqualTypeOf<number | null>();
  const loss = (x: Tensor, y: Tensor) => model.loss(x, y, initialState());
  const wide = (x: Tensor, y: Tensor, z: Tensor) => loss(x, y).value.add(z);
  // @ts-expect-error the loss has more arguments than a batch
  const longer = () => lrRangeTest({ ...run, loss: wide });
  // @ts-expect-error the number of updates is steps
  const epochs = () => lrRangeTest({ ...run, loss, epochs: 2 });
  // @ts-expect-error no measurement is made
  const validated = () => lrRangeTest({ ...run, loss, validation: { every: 1, measure: () => 1 } });
  // @ts-expect-error no such growth
  const growth = () => lrRangeTest({ ...run, loss, growth: 'fast' });
  for (const each of [longer, epochs, validated, growth]) expectTypeOf(each).toBeFunction();
});
