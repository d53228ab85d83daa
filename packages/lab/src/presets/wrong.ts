/** Cells with the mistakes of real projects, and what their verdict says. */
import finalCellState from './wrong/final-cell-state.ts?raw';
import forgetSlope from './wrong/forget-slope.ts?raw';
import gateOrder from './wrong/gate-order.ts?raw';
import jacobianOrder from './wrong/jacobian-order.ts?raw';
import leftTheGraph from './wrong/left-the-graph.ts?raw';
import overwrittenSums from './wrong/overwritten-sums.ts?raw';
import reluSlope from './wrong/relu-slope.ts?raw';
import replacedCellGradient from './wrong/replaced-cell-gradient.ts?raw';
import resetGate from './wrong/reset-gate.ts?raw';
import zeroedState from './wrong/zeroed-state.ts?raw';

/** What the verdict on a wrong cell names. */
export interface Finding {
  /** The first law that is broken. */
  readonly law: 'gradients' | 'backward';
  /** The gradient that the sentence names. */
  readonly parameter: string;
  /** Gates that the sentence names. */
  readonly gates: readonly string[];
  /** The step, of three, at which the table says that the gradients diverge. Null: at none. */
  readonly step: number | null;
  /** A part of the likely cure. */
  readonly cure: string;
}

export interface WrongCell {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  readonly code: string;
  readonly finding: Finding;
}

export const wrongCells: readonly WrongCell[] = [
  {
    id: 'jacobian-order',
    title: 'Jacobians in the order of time',
    about: 'axon#644: right for two steps',
    code: jacobianOrder,
    finding: {
      law: 'backward',
      parameter: 'cell.weightIh',
      gates: [],
      step: 0,
      cure: 'only step 0 is wrong',
    },
  },
  {
    id: 'zeroed-state',
    title: 'dh set to zero',
    about: 'AiDotNet#722: nothing flows through h',
    code: zeroedState,
    finding: {
      law: 'backward',
      parameter: 'states.h',
      gates: [],
      step: 2,
      cure: 'pass the gradient of state.h from each step to the one before',
    },
  },
  {
    id: 'final-cell-state',
    title: 'dL/dc dropped at the end',
    about: 'deeplearning4j#8838: the returned c has no gradient',
    code: finalCellState,
    finding: {
      law: 'backward',
      parameter: 'cell.weightIh',
      gates: ['g'],
      step: 2,
      cure: 'dState.c is ignored',
    },
  },
  {
    id: 'replaced-cell-gradient',
    title: 'dL/dc dropped at every step',
    about: 'mxnet#4057: an LSTM without its memory',
    code: replacedCellGradient,
    finding: {
      law: 'backward',
      parameter: 'cell.weightIh',
      gates: ['g'],
      step: 2,
      cure: 'add what arrives at state.c from the step after',
    },
  },
  {
    id: 'overwritten-sums',
    title: '= in place of +=',
    about: 'Arraymancer#237: sums over steps are overwritten',
    code: overwrittenSums,
    finding: { law: 'backward', parameter: 'cell.weightHh', gates: [], step: null, cure: '+= in place of =' },
  },
  {
    id: 'reset-gate',
    title: 'Reset gate before or after',
    about: 'tfjs#4621: two forms of the GRU in one cell',
    code: resetGate,
    finding: {
      law: 'backward',
      parameter: 'cell.biasHh',
      gates: ['n'],
      step: 2,
      cure: 'see the derivative of gates r, z, n in one step',
    },
  },
  {
    id: 'gate-order',
    title: 'Gates in another order',
    about: 'AiDotNet.Tensors#907: f and i are exchanged',
    code: gateOrder,
    finding: {
      law: 'gradients',
      parameter: 'cell.biasHh',
      gates: ['i', 'f'],
      step: 2,
      cure: 'only the gates i and f are wrong',
    },
  },
  {
    id: 'forget-slope',
    title: 'σ in place of its derivative',
    about: 'RNN-LSTM-in-numpy#1: only the forget gate is wrong',
    code: forgetSlope,
    finding: {
      law: 'gradients',
      parameter: 'cell.weightIh',
      gates: ['f'],
      step: 2,
      cure: 'only gate f is wrong',
    },
  },
  {
    id: 'relu-slope',
    title: 'The slope of tanh for relu',
    about: 'pytorch#11662: an RNN cell with relu',
    code: reluSlope,
    finding: {
      law: 'gradients',
      parameter: 'cell.hidden.weight',
      gates: [],
      step: 2,
      cure: 'look at every customGradient',
    },
  },
  {
    id: 'left-the-graph',
    title: 'Numbers that left the graph',
    about: 'Deepbox: no weight receives a gradient',
    code: leftTheGraph,
    finding: {
      law: 'gradients',
      parameter: 'cell.weightIh',
      gates: ['i', 'f', 'g', 'o'],
      step: 2,
      cure: 'no gradient flows back',
    },
  },
];
