/** Handwritten backpropagation through time against autograd. */
import { compareGradients, valueAndGrad } from '@chronograd/autograd';
import { crossEntropy, GRUCell, Linear, LSTMCell, type LSTMState, Module, RNNCell } from '@chronograd/nn';
import { type FloatDtype, Random, stack, Tensor, tensor, zeros } from '@chronograd/tensor';
import { byHand } from '../../by-hand.ts';
import type { Budget, PartResult, Study } from '../common/experiment.ts';

export interface Config {
  readonly cell: 'rnn' | 'lstm' | 'gru';
  readonly dtype: FloatDtype;
  /** T, steps in the window. */
  readonly steps: number;
  readonly hidden: number;
  readonly vocabulary: number;
  readonly batch: number;
  readonly seed: number;
}

export interface Outcome {
  /** Largest |manual − autograd| by parameter, relative to its largest gradient. */
  readonly parameters: Readonly<Record<string, number>>;
  /** ‖manual − autograd‖ / ‖manual‖ of ∂L/∂h_t, t = 1 … T. */
  readonly steps: readonly number[];
}

const SIZES: Readonly<
  Record<Budget, { readonly hidden: number; readonly lengths: readonly number[]; readonly seeds: number }>
> = {
  tiny: { hidden: 4, lengths: [2, 4, 8], seeds: 2 },
  quick: { hidden: 24, lengths: [5, 10, 25, 50, 100, 200], seeds: 3 },
  full: { hidden: 64, lengths: [5, 10, 25, 50, 100, 200, 400], seeds: 8 },
};

const CELLS = ['rnn', 'lstm', 'gru'] as const;
const DTYPES = ['float64', 'float32'] as const;

/** Differences by parameter and by time step. */
export const study: Study<Config, Outcome> = {
  name: 'manual-gradients',
  title: 'Manual against autograd',
  question:
    'The same gradient is computed twice: by handwritten backpropagation through time in plain float64 loops, and by the tape. How far apart are the two, and does the difference grow with the length of the window?',

  parts(budget) {
    const { hidden, lengths, seeds } = SIZES[budget];
    return CELLS.flatMap((cell) =>
      DTYPES.flatMap((dtype) =>
        lengths.flatMap((steps) =>
          Array.from({ length: seeds }, (_, i) => ({
            cell,
            dtype,
            steps,
            hidden,
            vocabulary: 2 * hidden,
            batch: 2,
            seed: i + 1,
          })),
        ),
      ),
    );
  },

  run(config): PartResult<Outcome> {
    const { steps, batch, vocabulary, hidden, dtype, seed } = config;
    const random = new Random(seed);
    const model = new Network(config, random);
    const draw = (): Int32Array =>
      Int32Array.from({ length: steps * batch }, () => random.integer(vocabulary));
    const [inputs, targets] = [draw(), draw()];
    const shape = [steps, batch];
    const nudges = zeros([steps, batch, hidden], { dtype });
    const { grads } = valueAndGrad({ model, nudges }, () =>
      crossEntropy(model.forward(tensor(inputs, { shape }), nudges), tensor(targets, { shape })),
    )();
    const manual = byHand(model.cell, model.decoder, { steps, batch, vocabulary, inputs, targets });
    const { cell, decoder } = manual.gradients;
    const auto = { cell: grads.model.cell, decoder: grads.model.decoder };
    const comparison = compareGradients({ cell, decoder }, auto);
    const flow = grads.nudges.toTypedArray();
    return {
      outcome: {
        parameters: Object.fromEntries(comparison.parameters.map(({ name, relative }) => [name, relative])),
        // The handwritten gradients begin with h_0, which has no nudge.
        steps: manual.dhs.slice(1).map((dh, t) => distance(dh.flat(), flow, t * batch * hidden)),
      },
    };
  },
};

/** A cell, unrolled step by step, and a decoder. */
class Network extends Module {
  readonly cell: RNNCell | LSTMCell | GRUCell;
  readonly decoder: Linear;

  constructor({ cell, hidden, vocabulary, dtype }: Config, random: Random) {
    super();
    const options = { random, dtype };
    if (cell === 'rnn') this.cell = new RNNCell(vocabulary, hidden, { ...options, biases: 1 });
    else if (cell === 'lstm') this.cell = new LSTMCell(vocabulary, hidden, { ...options, biases: 1 });
    else this.cell = new GRUCell(vocabulary, hidden, options);
    this.decoder = new Linear(hidden, vocabulary, options);
  }

  /**
   * Logits [T, B, V].
   * @param nudges zeros [T, B, H], added to h_t, so that their gradient is ∂L/∂h_t
   */
  forward(inputs: Tensor, nudges: Tensor): Tensor {
    const { cell } = this;
    let state: Tensor | LSTMState = cell.initialState(inputs.shape[1]!);
    const outputs: Tensor[] = [];
    for (let t = 0; t < inputs.shape[0]!; t++) {
      const next = cell.step(inputs.select(t), state as Tensor & LSTMState).state;
      const h = (next instanceof Tensor ? next : next.h).add(nudges.select(t));
      state = next instanceof Tensor ? h : { h, c: next.c };
      outputs.push(h);
    }
    return this.decoder.forward(stack(outputs));
  }
}

/** ‖a − b‖ / ‖a‖, with b starting at an offset. */
function distance(a: readonly number[], b: ArrayLike<number>, offset: number): number {
  const [difference, size] = a.reduce(
    ([d, s], value, i) => [d + (value - b[offset + i]!) ** 2, s + value ** 2],
    [0, 0],
  );
  return Math.sqrt(difference / size);
}
