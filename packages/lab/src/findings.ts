/** Findings: prepared states with a sentence each, which `test/findings.test.ts` proves. */
import { backwards, mistakes, toggled } from './presets/by-hand.ts';
import { presetOf } from './presets/index.ts';
import { byHandDefaults } from './settings/by-hand.ts';
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

/** The panel "By hand", with a mistake planted. */
const byHand = (cell: 'rnn' | 'gru', title: string): Finding['state'] => ({
  panel: 'byHand',
  cells: cells(cell),
  byHand: {
    ...byHandDefaults,
    cell,
    code: toggled(backwards[cell], mistakes[cell].find((each) => each.title === title)!),
  },
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
  {
    id: 'drops-dc',
    sentence:
      'This LSTM drops ∂L/∂c at every step, as an example of MXNet did in 2016. The verdict says which term is missing.',
    state: { panel: 'verdict', cells: cells('replaced-cell-gradient') },
  },
  {
    id: 'two-steps',
    sentence:
      'Jacobians in the wrong order are right for two steps, and for one unit. The verdict finds three steps and two units.',
    state: { panel: 'verdict', cells: cells('jacobian-order') },
  },
  {
    id: 'transpose',
    sentence:
      'A forgotten transpose spares the last step: Whᵀ only carries the gradient back. All earlier steps are wrong.',
    state: byHand('rnn', 'Forget the transpose'),
  },
  {
    id: 'reset-gate',
    sentence:
      'A backward of the GRU without the reset gate: at the last step only the recurrent rows of n are wrong, before it everything.',
    state: byHand('gru', 'Forget the reset gate'),
  },
];
