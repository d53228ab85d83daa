/** Memory: over how many steps cells carry gradients and information. */
import type { CellName } from '../../char-rnn/cells.ts';
import type { Budget, PartResult, Study } from '../common/experiment.ts';
import { learnTask, type TaskConfig, type TaskOutcome } from '../common/tasks.ts';
import { cellFlow, type FlowConfig, type FlowOutcome } from './flow.ts';
import { type FlowSize, flowParts } from './flow-parts.ts';
import { learnSine, type SineConfig, type SineOutcome } from './sine.ts';

export type Config =
  | ({ readonly kind: 'flow' } & FlowConfig)
  | ({ readonly kind: 'task' } & TaskConfig)
  | ({ readonly kind: 'sine' } & SineConfig);

export type Outcome = FlowOutcome | TaskOutcome | SineOutcome;

interface Size {
  readonly hidden: number;
  readonly flow: Omit<FlowSize, 'hidden'>;
  readonly tasks: {
    readonly cells: readonly CellName[];
    readonly adding: readonly number[];
    readonly copy: readonly number[];
    readonly iterations: number;
    readonly seeds: number;
  };
  readonly sine: Pick<SineConfig, 'iterations'> & { readonly seeds: number };
}

/** Cells besides RNN and LSTM. */
const FLOW_CELLS = [
  'peephole-lstm',
  'layer-norm-lstm',
  'coupled-lstm',
  'gru',
  'mgu',
  'min-gru',
  'ind-rnn',
  'antisymmetric-rnn',
  'fast-grnn',
] as const;

/** Learning rates of the tasks. Each cell is shown with its better one. */
const RATES = [0.005, 0.02] as const;

const SIZES: Readonly<Record<Budget, Size>> = {
  tiny: {
    hidden: 4,
    flow: { reach: 6, iterations: 2, seeds: 1, cells: ['gru'] },
    tasks: { cells: ['rnn', 'lstm', 'gru'], adding: [4], copy: [2], iterations: 3, seeds: 1 },
    sine: { iterations: 3, seeds: 2 },
  },
  quick: {
    hidden: 32,
    flow: { reach: 100, iterations: 300, seeds: 3, cells: FLOW_CELLS },
    tasks: {
      cells: ['rnn', 'lstm', 'gru', 'min-gru'],
      adding: [10, 20, 40],
      copy: [5, 10, 20],
      iterations: 1200,
      seeds: 3,
    },
    sine: { iterations: 300, seeds: 5 },
  },
  full: {
    hidden: 32,
    flow: { reach: 200, iterations: 4000, seeds: 5, cells: FLOW_CELLS },
    tasks: {
      cells: ['rnn', 'lstm', 'gru', 'mgu', 'min-gru', 'ind-rnn', 'antisymmetric-rnn'],
      adding: [10, 20, 40, 80],
      copy: [5, 10, 20, 40],
      iterations: 4000,
      seeds: 5,
    },
    sine: { iterations: 1500, seeds: 5 },
  },
};

/** Gradients by distance, the adding problem, the copy task, and a regression. */
export const study: Study<Config, Outcome> = {
  name: 'memory',
  title: 'Memory',
  question:
    'How far back do the gradients of different cells reach, before and after training on Moby Dick? Do the cells learn tasks that need memory: adding two marked numbers among T, and repeating three symbols after T steps?',

  parts(budget) {
    const { hidden, flow, tasks, sine } = SIZES[budget];
    const seeds = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
    const flows = flowParts({ ...flow, hidden: 2 * hidden }).map((part) => ({
      kind: 'flow' as const,
      ...part,
    }));
    const learned = (['adding', 'copy'] as const).flatMap((task) =>
      tasks.cells.flatMap((cell) =>
        RATES.flatMap((lr) =>
          tasks[task].flatMap((distance) =>
            seeds(tasks.seeds).map((seed) => ({
              kind: 'task' as const,
              task,
              cell,
              hidden,
              distance,
              batch: 32,
              lr,
              iterations: tasks.iterations,
              seed,
            })),
          ),
        ),
      ),
    );
    const sines = seeds(sine.seeds).map((seed) => ({
      kind: 'sine' as const,
      hidden: hidden / 2,
      noise: 0.1,
      steps: 50,
      batch: 16,
      lr: 0.01,
      iterations: sine.iterations,
      seed,
    }));
    return [...flows, ...learned, ...sines];
  },

  async run(config): Promise<PartResult<Outcome>> {
    if (config.kind === 'flow') return { outcome: await cellFlow(config) };
    return { outcome: config.kind === 'task' ? learnTask(config) : learnSine(config) };
  },
};
