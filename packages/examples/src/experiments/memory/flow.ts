/** What remains of a gradient, by distance, in a character model of any cell. */
import { Random, tensor } from '@chronograd/tensor';
import type { CellName } from '../../char-rnn/cells.ts';
import { CharModel } from '../../char-rnn/char-model.ts';
import { CharacterTraining } from '../common/characters.ts';
import { lastStepFlow, remaining, stretchesOf } from '../common/flow.ts';

export interface FlowConfig {
  /** `lstm+1`: an LSTM whose forget gate begins with a bias of 1. */
  readonly cell: CellName | 'lstm+1';
  readonly hidden: number;
  /** How many steps the gradient is followed back. */
  readonly reach: number;
  /** Windows of training between the first look and the second. */
  readonly iterations: number;
  readonly seed: number;
}

export interface FlowOutcome {
  /** ‖∂L/∂state_t‖ as a share of that at the last step, by distance from it; L is the loss of the last character. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Trains in float32, and looks in float64: what fades would end in float32 too soon. */
export function cellFlow({ cell, hidden, reach, iterations, seed }: FlowConfig): FlowOutcome {
  const name = cell === 'lstm+1' ? 'lstm' : cell;
  const training = new CharacterTraining({
    corpus: 'moby-dick',
    characters: 500_000,
    holdOut: 0.1,
    cell: name,
    hidden,
    steps: 25,
    batch: 8,
    optimizer: 'adagrad',
    lr: 0.05,
    clip: { by: 'norm', at: 1 },
    init: 'pytorch',
    iterations,
    seed,
  });
  if (cell === 'lstm+1') rememberAtFirst(training.model, hidden);
  const { heldOut, vocabulary } = training.text;
  const stretches = stretchesOf(heldOut, reach, 4);
  const look = (): number[] => {
    const options = { cell: name, hidden, init: 'pytorch', dtype: 'float64' } as const;
    const copy = new CharModel(vocabulary.size, options, new Random(seed));
    const trained = new Map(training.model.namedParameters());
    for (const [path, parameter] of copy.namedParameters())
      parameter.assign(trained.get(path)!.cast('float64'));
    return remaining(lastStepFlow(copy, stretches)).map(([, share]) => share);
  };
  const before = look();
  training.run();
  return { before, after: look() };
}

/** Adds 1 to the forget gate's rows of the bias, the second of four blocks. */
function rememberAtFirst(model: CharModel, hidden: number): void {
  const bias = new Map(model.namedParameters()).get('recurrent.cell.biasIh')!;
  const more = Float32Array.from({ length: bias.size }, (_, i) => (Math.floor(i / hidden) === 1 ? 1 : 0));
  bias.assign(bias.add(tensor(more)));
}
