import { normal, Random, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { type Cell, GRUCell, LSTMCell, Recurrent } from '../../src/index.ts';

const random = new Random(1);
const ids = tensor([2, 1, 0, 0, 2, 1], { dtype: 'int32' }).reshape([3, 2]);

/** What a cell gives step by step, and in the loop, over indices and over numbers. */
function expectSameBits<State>(
  cell: Cell<State>,
  unroll: (x: Tensor) => { outputs: Tensor; state: State },
  last: (state: State) => Tensor,
): void {
  const { dtype } = last(cell.initialState(1));
  for (const x of [ids, normal([3, 2, 3], { random, dtype: dtype === 'float64' ? dtype : 'float32' })]) {
    const { outputs, state } = unroll(x);
    let now = cell.initialState(2);
    for (let t = 0; t < 3; t++) {
      const step = cell.step(x.select(t), now);
      expect(outputs.select(t).toArray()).toEqual(step.output.toArray());
      now = step.state;
    }
    expect(last(state).toArray()).toEqual(last(now).toArray());
  }
}

test('All steps projected before the loop give the same bits as steps taken one by one, over indices and over numbers', () => {
  for (const dtype of ['float32', 'float64'] as const) {
    for (const biases of [0, 1, 2] as const) {
      const options = { random, dtype, biases };
      for (const projection of [{}, { projectionSize: 1 }]) {
        const recurrent = new Recurrent(new LSTMCell(3, 2, { ...options, ...projection }));
        expectSameBits(
          recurrent.cell,
          (x) => recurrent.forward(x),
          ({ c }) => c,
        );
      }
      for (const reset of ['after', 'before'] as const) {
        const recurrent = new Recurrent(new GRUCell(3, 2, { ...options, reset }));
        expectSameBits(
          recurrent.cell,
          (x) => recurrent.forward(x),
          (h) => h,
        );
      }
    }
  }
});
