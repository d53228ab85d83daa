/** Gradient by distance in a character model of any cell, before and after training. */
import { recordTaps, spectralRadius } from '@chronograd/nn/probe';
import { tensor } from '@chronograd/tensor';
import type { CharModel } from '../../char-rnn/char-model.ts';
import { type CharacterConfig, CharacterTraining, recurrentMatrix } from '../common/characters.ts';
import { inFloat64, lastStepFlow, remaining, type Stretches, stretchesOf } from '../common/flow.ts';

/**
 * The training, and how far back gradients are followed, in how many stretches of held-out text.
 */
export interface FlowConfig extends CharacterConfig {
  /** Added to the forget gate's bias before training. Must be 0 for cells other than LSTM. */
  readonly forgetBias: number;
  readonly reach: number;
  readonly stretches: number;
}

/** Measurements of a model. */
export interface Look {
  /** ‖∂L/∂state_t‖ relative to the last step, by distance. L is the loss of the last character. */
  readonly shares: readonly number[];
  /**
   * What a step back multiplies by, roughly: spectral radius of an RNN's W_hh, mean forget gate of
   * an LSTM.
   */
  readonly radius?: number;
  readonly forget?: number;
}

export interface FlowOutcome {
  readonly before: Look;
  readonly after: Look;
}

/** Trains in float32 and measures in float64. */
export async function cellFlow(config: FlowConfig): Promise<FlowOutcome> {
  const training = new CharacterTraining(config);
  const { cell, hidden, forgetBias, reach, stretches } = config;
  if (forgetBias !== 0) addForgetBias(training.model, hidden, forgetBias);
  const places = stretchesOf(training.text.heldOut, reach, stretches);
  const before = look(cell, inFloat64(training), places);
  await training.run();
  return { before, after: look(cell, inFloat64(training), places) };
}

function look(cell: FlowConfig['cell'], model: CharModel, places: Stretches): Look {
  const shares = remaining(lastStepFlow(model, places)).map(([, share]) => share);
  if (cell === 'rnn') return { shares, radius: spectralRadius(recurrentMatrix(model)) };
  if (cell !== 'lstm') return { shares };
  const { taps } = recordTaps(model, () => model.recurrent.forward(places.inputs));
  return { shares, forget: taps['recurrent.cell.f']!.mean().item() };
}

/** Adds to the forget gate's rows of the bias, the second of four blocks. */
function addForgetBias(model: CharModel, hidden: number, more: number): void {
  const bias = new Map(model.namedParameters()).get('recurrent.cell.biasIh')!;
  const added = Float32Array.from({ length: bias.size }, (_, i) => (Math.floor(i / hidden) === 1 ? more : 0));
  bias.assign(bias.add(tensor(added)));
}
