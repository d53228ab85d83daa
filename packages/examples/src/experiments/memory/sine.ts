/** A first regression: the next value of a noisy sine. */
import { valueAndGrad } from '@chronograd/autograd';
import { Adam, Linear, Module, mse, Recurrent, RNNCell } from '@chronograd/nn';
import { plan, Random, scope, type Tensor, tensor } from '@chronograd/tensor';

export interface SineConfig {
  readonly hidden: number;
  /** Standard deviation of the noise on a sine of amplitude 1. */
  readonly noise: number;
  readonly steps: number;
  readonly batch: number;
  readonly lr: number;
  readonly iterations: number;
  readonly seed: number;
}

export interface SineOutcome {
  /** Values of a sine that was not trained on, and the predictions for them. */
  readonly values: readonly number[];
  readonly predicted: readonly number[];
  /**
   * Root mean squared errors on new sines: of the network, of the last value repeated, of the sine
   * without noise.
   */
  readonly network: number;
  readonly repeated: number;
  readonly known: number;
}

/** Steps at the beginning that are not scored: the network does not know the phase yet. */
const SETTLING = 10;
const PERIOD = 16;
/** Number of test sines. */
const TESTED = 32;

class Predictor extends Module {
  readonly recurrent: Recurrent<RNNCell>;
  readonly output: Linear;

  constructor(hidden: number, random: Random) {
    super();
    this.recurrent = new Recurrent(new RNNCell(1, hidden, { random }));
    this.output = new Linear(hidden, 1, { random });
  }

  forward(x: Tensor): Tensor {
    return this.output.forward(this.recurrent.forward(x).outputs);
  }
}

/** Trains a vanilla RNN on sines of random phase. */
export function learnSine(config: SineConfig): SineOutcome {
  const { hidden, steps, lr, iterations, seed } = config;
  const random = new Random(seed);
  const model = new Predictor(hidden, random);
  const optimizer = new Adam(model, { lr });
  const lossAndGrads = plan(valueAndGrad(model, (x: Tensor, y: Tensor) => mse(model.forward(x), y)));
  for (let i = 0; i < iterations; i++) {
    const { x, y } = sines(config, random);
    scope(() => {
      optimizer.update(lossAndGrads(x, y).grads);
    });
  }
  const { x, y, clean } = sines({ ...config, batch: TESTED }, random);
  const predicted = model.forward(x).toTypedArray();
  const [read, next] = [x.toTypedArray(), y.toTypedArray()];
  const error = (of: (i: number) => number): number => {
    const from = SETTLING * TESTED;
    let sum = 0;
    for (let i = from; i < next.length; i++) sum += (of(i) - next[i]!) ** 2;
    return Math.sqrt(sum / (next.length - from));
  };
  const first = (values: ArrayLike<number>): number[] =>
    Array.from({ length: steps }, (_, t) => values[t * TESTED]!);
  return {
    values: first(next),
    predicted: first(predicted),
    network: error((i) => predicted[i]!),
    repeated: error((i) => read[i]!),
    known: error((i) => clean[i]!),
  };
}

/** Noisy sines [T, B, 1], the same one step later, and the latter without noise. */
function sines(
  { noise, steps, batch }: SineConfig,
  random: Random,
): { x: Tensor; y: Tensor; clean: Float32Array } {
  const phases = Array.from({ length: batch }, () => random.uniform());
  const at = (t: number, b: number): number => Math.sin(2 * Math.PI * (t / PERIOD + phases[b]!));
  const values = Float32Array.from({ length: (steps + 1) * batch }, (_, i) => {
    return at(Math.floor(i / batch), i % batch) + noise * random.normal();
  });
  const clean = Float32Array.from({ length: steps * batch }, (_, i) =>
    at(Math.floor(i / batch) + 1, i % batch),
  );
  const shape = [steps, batch, 1];
  return {
    x: tensor(values.slice(0, steps * batch), { shape }),
    y: tensor(values.slice(batch), { shape }),
    clean,
  };
}
