/** Findings: states of the page, each with a sentence that `test/findings.test.ts` proves. */
import { presetOf } from './presets/index.ts';
import { oneStepDefaults } from './settings/one-step.ts';
import { connectivityDefaults } from './settings/reading.ts';
import { throughTimeDefaults } from './settings/through-time.ts';
import { trainDefaults } from './settings/train.ts';
import type { CellText, LabState } from './shell/state.ts';

export interface Finding {
  readonly id: string;
  /** What the page shows. The panel is the one that shows it. */
  readonly state: Partial<LabState> & Pick<LabState, 'cells' | 'panel'>;
  readonly sentence: string;
}

const cells = (...ids: string[]): CellText[] =>
  ids.map((id) => {
    const { title, code } = presetOf(id);
    return { name: title, code };
  });

export const findings: readonly Finding[] = [
  {
    id: 'radius',
    sentence:
      'Drag the spectral radius through 1: the gradient of an RNN changes by that factor a step. It vanishes below 1, and explodes above.',
    state: {
      panel: 'throughTime',
      cells: cells('rnn'),
      throughTime: { ...throughTimeDefaults, radius: 0.9, inputs: 0 },
    },
  },
  {
    id: 'forget-bias',
    sentence:
      'Over 100 steps this LSTM keeps less than 1e−13 of the gradient. With 1 added to the forget bias it keeps a hundredth.',
    state: {
      panel: 'throughTime',
      cells: cells('lstm'),
      throughTime: { ...throughTimeDefaults, forgetBias: 1, steps: 100 },
    },
  },
  {
    id: 'saturation',
    sentence:
      'Large inputs saturate tanh: the gradient vanishes, though the radius is 1.5. Without inputs it explodes.',
    state: {
      panel: 'throughTime',
      cells: cells('rnn'),
      throughTime: { ...throughTimeDefaults, radius: 1.5, inputs: 2 },
    },
  },
  {
    id: 'bound',
    sentence:
      'The textbook bound on the gradient of an RNN holds, but says little: after 60 steps it is 1e17 times too large.',
    state: { panel: 'throughTime', cells: cells('rnn'), throughTime: throughTimeDefaults },
  },
  {
    id: 'antisymmetric',
    sentence:
      'An antisymmetric RNN keeps the gradient by construction: over 60 steps it stays between 1 and 20, while that of a GRU vanishes.',
    state: {
      panel: 'throughTime',
      cells: cells('antisymmetric-rnn', 'gru'),
      throughTime: throughTimeDefaults,
    },
  },
  {
    id: 'reach',
    sentence:
      'After the same training, the predictions of an LSTM depend on characters 40 back over a hundred times more than those of an RNN.',
    state: { panel: 'connectivity', cells: cells('lstm', 'rnn'), connectivity: connectivityDefaults },
  },
  {
    id: 'first-step',
    sentence:
      'At the first step the state is zero, so the recurrent weights get no gradient from it, whatever the loss.',
    state: { panel: 'oneStep', cells: cells('gru'), oneStep: { ...oneStepDefaults, shown: 1 } },
  },
  {
    id: 'one-product',
    sentence:
      'The cell state of an LSTM sends its gradient back through a single product: with the forget gate, and no weight.',
    state: {
      panel: 'oneStep',
      cells: cells('lstm'),
      oneStep: { ...oneStepDefaults, position: 19 },
    },
  },
  {
    id: 'left-the-graph',
    sentence:
      'Numbers that leave the graph take the gradient with them: of this LSTM, no weight gets any, and only c still sends one back.',
    state: { panel: 'oneStep', cells: cells('left-the-graph'), oneStep: oneStepDefaults },
  },
  {
    id: 'adding',
    sentence:
      'Two numbers up to 40 steps apart: in 500 updates a GRU learns to add them, while an RNN does no better than the mean.',
    state: {
      panel: 'train',
      cells: cells('gru', 'rnn'),
      train: {
        ...trainDefaults,
        task: 'adding',
        steps: 40,
        batch: 32,
        hiddenSize: 32,
        lr: 0.01,
        updates: 500,
      },
    },
  },
];
