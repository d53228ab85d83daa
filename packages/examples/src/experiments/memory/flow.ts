/** What remains of a gradient, by distance, in a character model of any cell. */
import { recordTaps, spectralRadius } from '@chronograd/nn/probe';
import { tensor } from '@chronograd/tensor';
import type { CharModel } from '../../char-rnn/char-model.ts';
import { type CharacterConfig, CharacterTraining, recurrentMatrix } from '../common/characters.ts';
import { inFloat64, lastStepFlow, remaining, type Stretches, stretchesOf } from '../common/flow.ts';

/** The training between the first look and the second, and how far back one looks, in how many stretches of held-out text together. */
export interface FlowConfig extends CharacterConfig {
  /** Added to the forget gate's bias before training; only an LSTM may have one. */
  readonly forgetBias: number;
  readonly reach: number;
  readonly stretches: number;
}

/** What is seen of a model. */
export interface Look {
  /** ‖∂L/∂state_t‖ as a share of that at the last step, by distance from it; L is the loss of the last character. */
  readonly shares: readonly number[];
  /** What one step back multiplies by, roughly: of an RNN the spectral radius of W_hh, of an LSTM its mean forget gate. */
  readonly radius?: number;
  readonly forget?: number;
}

export interface FlowOutcome {
  readonly before: Look;
  readonly after: Look;
}

/** Trains in float32, and looks in float64. */
export function cellFlow(config: FlowConfig): FlowOutcome {
  const training = new CharacterTraining(config);
  const { cell, hidden, forgetBias, reach, stretches } = config;
  if (forgetBias !== 0) addForgetBias(training.model, hidden, forgetBias);
  const places = stretchesOf(training.text.heldOut, reach, stretches);
  const before = look(cell, inFloat64(training), places);
  training.run();
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
