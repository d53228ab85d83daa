/** Training and sampling, as a user of the library writes them. */
import { valueAndGrad } from '@chronograd/autograd';
import { Adagrad, clipByValue, crossEntropy, stream } from '@chronograd/nn';
import { type FloatDtype, plan, scope, type Tensor, tensor } from '@chronograd/tensor';
import { CHECK_STEPS, type Prepare } from '../contestant.ts';
import { OUR_CELL } from '../contestant-types.ts';
import { draw, uniform, Windows } from '../data.ts';
import { makeModel } from './model.ts';

/** The suffix of variants that run op by op. */
const WITHOUT_PLAN = 'without plan';

/**
 * Truncated BPTT over the text: window, loss and gradients, clipping by value, Adagrad, state
 * carried.
 */
export function prepareTraining(dtype: FloatDtype): Prepare<'train'> {
  return (spec, variant) => {
    const { T, V, B } = spec;
    const model = makeModel(spec, variant, dtype);
    const optimizer = new Adagrad(model, { lr: 0.05, eps: 1e-8, epsPlace: 'inside' });
    const eager = valueAndGrad(model, (x: Tensor, y: Tensor, before: unknown) => {
      const { logits, state } = model.forward(x, before);
      return { value: crossEntropy(logits, y), aux: state };
    });
    const lossAndGrads = variant.endsWith(WITHOUT_PLAN) ? eager : plan(eager);
    const windows = new Windows(T, B);
    const input = variant.includes('one-hot')
      ? (indices: Int32Array): Tensor => oneHot(indices, [T, B, V], dtype)
      : (indices: Int32Array): Tensor => tensor(indices, { shape: [T, B] });
    const initial = model.recurrent.initialState(B);
    let state = initial;
    let loss = 0;

    const step = (): void => {
      const { inputs, targets, restarted } = windows.next();
      if (restarted) state = initial;
      const y = tensor(targets, { shape: [T, B] });
      // One scope around the step, as in `train`: gradients reach the optimizer without a copy.
      state = scope(() => {
        const { value, grads, aux } = lossAndGrads(input(inputs), y, state);
        optimizer.update(clipByValue(grads, 5));
        loss = value.item();
        return aux;
      });
    };
    return {
      check: () =>
        Array.from({ length: CHECK_STEPS }, () => {
          step();
          return loss;
        }),
      run(n) {
        for (let i = 0; i < n; i++) step();
      },
      loss: () => loss,
    };
  };
}

function oneHot(indices: Int32Array, shape: [number, number, number], dtype: FloatDtype): Tensor {
  const [steps, batch, width] = shape;
  const size = steps * batch * width;
  const data = dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
  for (let i = 0; i < indices.length; i++) data[i * width + indices[i]!] = 1;
  return tensor(data, { shape, dtype });
}

/**
 * Forward only, as `sample` does it: a character in, a distribution out, from which the next
 * character is drawn.
 */
export function prepareSampling(dtype: FloatDtype): Prepare<'sample'> {
  return ({ H, V, length }) => {
    const model = makeModel({ V, H, E: 0, cell: 'rnn' }, OUR_CELL.rnn, dtype);
    const live = stream(model.recurrent, { head: (h) => model.decoder.forward(h).softmax() });
    const luck = uniform(2, length);
    const read = Int32Array.of(0);
    const p = dtype === 'float32' ? new Float32Array(V) : new Float64Array(V);

    /** Samples one character and returns its probability. */
    const next = (u: number): number => {
      live.pushInto(read, p);
      const character = draw(p, u);
      read[0] = character;
      return p[character]!;
    };
    return {
      check: () => Array.from(luck, next),
      run(n) {
        for (let i = 0; i < n; i++) for (const u of luck) next(u);
      },
    };
  };
}
