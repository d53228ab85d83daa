import { valueAndGrad } from '@chronograd/autograd';
import { Parameter, Random, type Tensor, tensor, ValueError, zeros } from '@chronograd/tensor';
import { expect, expectTypeOf, test } from 'vitest';
import {
  Cell,
  clipByGlobalNorm,
  clipByValue,
  crossEntropy,
  GRUCell,
  gaussianNLL,
  Linear,
  LSTMCell,
  type LSTMState,
  Module,
  Recurrent,
  RNNCell,
  SGD,
  type StateOf,
  type Step,
  variationalDropout,
  weightDrop,
  zoneout,
} from '../src/index.ts';
import type { LstmCell } from './cells/lstm.ts';

// The compiler checks this file (`pnpm typecheck`); running it shows that the types are right.

class Model extends Module {
  readonly recurrent: Recurrent<RNNCell>;
  readonly decoder: Linear;
  readonly layers: readonly Linear[] = [];
  readonly scale: Parameter = new Parameter(tensor([1]));
  readonly size: number = 3;

  constructor(random: Random) {
    super();
    this.recurrent = new Recurrent(new RNNCell(3, 2, { random }));
    this.decoder = new Linear(2, 3, { random });
  }
}

const model = new Model(new Random(1));
const step = valueAndGrad(model, (x: Tensor, y: Tensor, h: Tensor) => {
  const { outputs, state } = model.recurrent.forward(x, h);
  return { value: crossEntropy(model.decoder.forward(outputs), y), aux: { state, length: 2 } };
});
const indices = tensor([0, 2], { dtype: 'int32' }).reshape([2, 1]);

test('Gradients are typed by the names of the parameters, and what is passed along by what it is', () => {
  const { value, grads, aux } = step(indices, indices, zeros([1, 2]));
  expectTypeOf(value).toEqualTypeOf<Tensor>();
  expectTypeOf(grads.recurrent.cell.weightHh).toEqualTypeOf<Tensor>();
  expectTypeOf(grads.recurrent.cell.biasHh).toEqualTypeOf<Tensor | undefined>();
  expectTypeOf(grads.decoder.weight).toEqualTypeOf<Tensor>();
  expectTypeOf(grads.layers).toEqualTypeOf<
    readonly { readonly weight: Tensor; readonly bias: Tensor | undefined }[]
  >();
  expectTypeOf(grads.scale).toEqualTypeOf<Tensor>();
  expectTypeOf(aux).toEqualTypeOf<{ state: Tensor; length: number }>();
  expectTypeOf<keyof typeof grads>().toEqualTypeOf<'recurrent' | 'decoder' | 'layers' | 'scale'>();
  // @ts-expect-error a number is no parameter
  expect(grads.size).toBe(undefined);
  // @ts-expect-error there is no such parameter
  expect(grads.recurrent.cell.weightXx).toBe(undefined);
});

test('A wrapped cell has the state and the parameters of the cell inside', () => {
  const random = new Random(1);
  const lstm = () => new LSTMCell(3, 2, { random });
  const wrapped = new Recurrent([
    zoneout(variationalDropout(lstm(), { state: 0.1, random }), { h: 0.1, c: 0.2 }, { random }),
    weightDrop(new GRUCell(2, 2, { random }), 0.5, { random }),
  ]);
  const { state } = wrapped.forward(zeros([2, 1, 3]));
  expectTypeOf(state).toEqualTypeOf<readonly [LSTMState, Tensor]>();
  const { grads } = valueAndGrad(wrapped, () => wrapped.forward(zeros([2, 1, 3])).outputs.sum())();
  expectTypeOf(grads.cell[0].cell.cell.weightHh).toEqualTypeOf<Tensor>();
  expectTypeOf(grads.cell[1].cell.weightHh).toEqualTypeOf<Tensor>();
  // @ts-expect-error a list is not a cell
  expect(() => zoneout([lstm()], 0.1, { random })).toThrow('zoneout: expected a cell');
});

test('A normal likelihood takes a variance or its logarithm, one of them', () => {
  const x = zeros([2]);
  expect(gaussianNLL(x, x, { logVariance: x }).item()).toBe(0);
  // @ts-expect-error neither
  expect(() => gaussianNLL(x, x, { full: true })).toThrow('got neither');
  // @ts-expect-error both
  expect(() => gaussianNLL(x, x, { variance: x, logVariance: x })).toThrow('got both');
});

test('Clipping gives gradients of the same type back', () => {
  const { grads } = step(indices, indices, zeros([1, 2]));
  expectTypeOf(clipByValue(grads, 5)).toEqualTypeOf<typeof grads>();
  expectTypeOf(clipByGlobalNorm(grads, 5).grads).toEqualTypeOf<typeof grads>();
  expect(() => new SGD(model, { lr: 0.1 }).update(clipByValue(grads, 5))).not.toThrow();
});

test('A state has the type that its cell says; another one does not compile', () => {
  expectTypeOf<StateOf<RNNCell>>().toEqualTypeOf<Tensor>();
  expectTypeOf<StateOf<LstmCell>>().toEqualTypeOf<{ readonly h: Tensor; readonly c: Tensor }>();
  expectTypeOf(model.recurrent.initialState(1)).toEqualTypeOf<Tensor>();
  expectTypeOf(model.recurrent.forward(indices).state).toEqualTypeOf<Tensor>();
  // @ts-expect-error an RNN's state is a tensor, not an object of them
  expect(() => model.recurrent.forward(indices, { h: zeros([1, 2]) })).toThrow();
  // @ts-expect-error a window's data is no tensor
  expect(() => model.recurrent.forward([[0], [1]])).toThrow();
});

test("An LSTM's state has both parts and a GRU's is a tensor: what one has does not compile for the other", () => {
  expectTypeOf<StateOf<LSTMCell>>().toEqualTypeOf<LSTMState>();
  expectTypeOf<StateOf<GRUCell>>().toEqualTypeOf<Tensor>();
  const random = new Random(1);
  const lstm = new LSTMCell(3, 2, { random });
  const gru = new GRUCell(3, 2, { random });
  const [x, h] = [zeros([1, 3]), zeros([1, 2])];
  expectTypeOf(lstm.step(x, { h, c: h }).state).toEqualTypeOf<LSTMState>();
  expectTypeOf(gru.step(x, h).state).toEqualTypeOf<Tensor>();
  // @ts-expect-error an LSTM's state has two parts
  expect(() => lstm.step(x, h)).toThrow('{ h [B, 2], c [B, 2] }');
  // @ts-expect-error the cell state is missing
  expect(() => lstm.step(x, { h })).toThrow('{ h [1, 2] }');
  // @ts-expect-error a GRU has no cell state
  expect(() => gru.step(x, { h, c: h })).toThrow('GRUCell: expected a state [B, 2]');
  // @ts-expect-error a GRU's state is not an LSTM's
  expect(() => gru.step(x, lstm.initialState(1))).toThrow('GRUCell: expected a state [B, 2]');
});

test('A cell must step from the state that it returns', () => {
  class Wrong extends Cell<{ readonly h: Tensor }> {
    initialState(batch: number): { readonly h: Tensor } {
      return { h: zeros([batch, 1]) };
    }
    // @ts-expect-error the state returned is a tensor, { h } was declared
    step(x: Tensor, { h }: { h: Tensor }): Step<Tensor> {
      return { output: x, state: h };
    }
  }
  expect(new Wrong().initialState(2).h.shape).toEqual([2, 1]);
  // @ts-expect-error a cell is expected, not a layer
  expect(() => new Recurrent(new Linear(2, 2, { random: new Random(1) }))).toThrow(ValueError);
});

test('As many parts as were asked for have names, each a tensor', () => {
  expectTypeOf(zeros([4]).chunk(2)).toEqualTypeOf<[Tensor, Tensor]>();
  const parts: number = 2;
  expectTypeOf(zeros([4]).chunk(parts)).toEqualTypeOf<Tensor[]>();
  // @ts-expect-error there is no third half
  const [, , third] = zeros([4]).chunk(2);
  expect(third).toBe(undefined);
});

test('Arguments of a differentiated function keep their types', () => {
  expectTypeOf(step).parameters.toEqualTypeOf<[x: Tensor, y: Tensor, h: Tensor]>();
  // @ts-expect-error the hidden state is missing
  expect(() => step(indices, indices)).not.toThrow();
});
