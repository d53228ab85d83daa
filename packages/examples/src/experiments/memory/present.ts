/** What is shown: which cells carry gradients, and facts, over how many steps. */
import { dotChart } from '../../plots/dot-chart.ts';
import { lineChart } from '../../plots/line-chart.ts';
import { plain } from '../../plots/scale.ts';
import { seriesInk } from '../../plots/theme.ts';
import { spreadOf } from '../common/curve.ts';
import type { Claim, DonePart, Presentation, Table } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { median } from '../common/statistics.ts';
import { SOLVED, type TaskConfig, type TaskOutcome } from '../common/tasks.ts';
import { count, list, medianRange, percent, short } from '../common/words.ts';
import type { Config, Outcome } from '../memory.ts';
import type { FlowConfig, FlowOutcome } from './flow.ts';
import type { SineConfig, SineOutcome } from './sine.ts';

/** What plots show of a fading gradient. */
const LEAST = 1e-12;
/** The distance at which cells are compared. */
const DISTANCE = 50;

/** Figures, tables and sentences, computed from the outcomes. */
export function present(parts: readonly DonePart<Config, Outcome>[]): Presentation {
  const flows = ofKind<FlowConfig, FlowOutcome>(parts, 'flow');
  const tasks = ofKind<TaskConfig, TaskOutcome>(parts, 'task');
  const [sine] = ofKind<SineConfig, SineOutcome>(parts, 'sine');
  const shown = [
    presentFlow(flows),
    ...groupBy(tasks, ({ config }) => config.task).map(([, runs]) => presentTask(runs)),
    presentSine(sine!),
  ];
  return {
    findings: shown.flatMap(({ findings }) => findings),
    figures: shown.flatMap(({ figures }) => figures),
    claims: shown.flatMap(({ claims = [] }) => claims),
    tables: shown.flatMap(({ tables = [] }) => tables),
  };
}

function ofKind<C, O>(parts: readonly DonePart<Config, Outcome>[], kind: Config['kind']): DonePart<C, O>[] {
  return parts.filter(({ config }) => config.kind === kind) as unknown as DonePart<C, O>[];
}

function presentFlow(parts: readonly DonePart<FlowConfig, FlowOutcome>[]): Presentation {
  const { reach, iterations } = parts[0]!.config;
  const distance = Math.min(DISTANCE, reach - 1);
  const groups = groupBy(parts, ({ config }) => config.cell).map(([cell, runs], i) => ({
    name: cellWords(cell),
    cell,
    ink: seriesInk(i),
    runs,
    at: (when: 'before' | 'after'): number[] => runs.map(({ outcome }) => outcome[when][distance]!),
  }));
  const group = (cell: string): (typeof groups)[number] => groups.find((each) => each.cell === cell)!;
  const seeds = count(groups[0]!.runs.length, 'seed');
  const rnn = group('rnn');
  const factors = (cell: string, when: 'before' | 'after'): number[] =>
    group(cell)
      .at(when)
      .map((share, i) => share / rnn.at(when)[i]!);
  const claims = (['before', 'after'] as const).flatMap((when): Claim[] =>
    ['lstm', 'lstm+1'].map((cell) => ({
      claim: `${cellWords(cell)} keeps gradients longer than RNN, ${when} training (factor at distance ${distance})`,
      held: factors(cell, when).filter((factor) => factor > 1).length,
      of: rnn.runs.length,
      evidence: `${medianRange(factors(cell, when))} times as much is left; ${seeds}, shares of ‖∂L/∂state_t‖: RNN ${medianRange(rnn.at(when))}, ${cellWords(cell)} ${medianRange(group(cell).at(when))}`,
    })),
  );
  const longest = groups.reduce((a, b) => (median(b.at('after')) > median(a.at('after')) ? b : a));
  const sentence =
    `At distance ${distance} an untrained RNN has ${short(median(rnn.at('before')), 2)} of its gradient left, an LSTM ${short(median(group('lstm').at('before')), 2)}, and one whose forget gate begins with a bias of 1 ${short(median(group('lstm+1').at('before')), 2)}. ` +
    `After ${count(iterations, 'step')} of training it is ${short(median(rnn.at('after')), 2)}, ${short(median(group('lstm').at('after')), 2)} and ${short(median(group('lstm+1').at('after')), 2)}; most is left in ${longest.name}, ${short(median(longest.at('after')), 2)}.`;
  const panel = (when: 'before' | 'after'): ReturnType<typeof lineChart> =>
    lineChart({
      heading: `${when === 'before' ? 'Before' : 'After'} training`,
      x: { label: 'steps back from the loss, T − t', from: 0 },
      y: { label: '‖∂L/∂state_t‖, share of the last', scale: 'log', from: LEAST },
      height: 400,
      lines: groups
        .filter(({ cell }) =>
          ['rnn', 'lstm', 'lstm+1', 'gru', 'min-gru', 'ind-rnn', 'antisymmetric-rnn'].includes(cell),
        )
        .map(({ name, runs }, i) => ({
          label: name,
          ink: seriesInk(i),
          points: spreadOf(
            runs.map(({ outcome }) => ({ at: outcome[when].map((_, d) => d), values: outcome[when] })),
          ).middle.filter(([, y]) => y >= LEAST),
        })),
    });
  return {
    findings: [sentence],
    claims,
    figures: [
      {
        name: 'memory-flow',
        title: 'How much of the gradient is left, by distance and cell',
        caption: `${sentence} Medians of ${seeds}, PyTorch’s first weights; the whole state counts, of an LSTM h and c.`,
        panels: [panel('before'), panel('after')],
      },
    ],
    tables: [
      {
        title: `Share of the gradient left at distance ${distance}`,
        head: ['cell', 'before training', 'after training'],
        rows: groups.map((each) => [
          each.name,
          medianRange(each.at('before')),
          medianRange(each.at('after')),
        ]),
        caption: `Medians, with the least and the greatest of ${seeds}.`,
      },
    ],
  };
}

function presentTask(parts: readonly DonePart<TaskConfig, TaskOutcome>[]): Presentation {
  const { task, iterations } = parts[0]!.config;
  const distances = [...new Set(parts.map(({ config }) => config.distance))];
  const groups = groupBy(parts, ({ config }) => config.cell).map(([cell, runs], i) => {
    const at = (distance: number): DonePart<TaskConfig, TaskOutcome>[] =>
      runs.filter(({ config }) => config.distance === distance);
    const solved = (distance: number): number =>
      at(distance).filter(({ outcome }) => outcome.solvedAt !== null).length;
    const reliable = distances.filter((distance) => solved(distance) === at(distance).length);
    return { name: cellWords(cell), ink: seriesInk(i), at, solved, farthest: reliable.at(-1) };
  });
  const what = task === 'adding' ? 'The adding problem' : 'The copy task';
  const solvers = groups.filter(({ farthest }) => farthest !== undefined);
  const far = solvers.reduce((most, { farthest }) => Math.max(most, farthest!), 0);
  const sentence =
    solvers.length === 0
      ? `${what} is solved by no cell with every seed within ${count(iterations, 'step')}.`
      : `${what} is solved with every seed, within ${count(iterations, 'step')}, at most up to T = ${far}, by ${list(solvers.filter(({ farthest }) => farthest === far).map(({ name }) => name))}; ` +
        `${list(groups.filter(({ farthest }) => farthest !== far).map(({ name, farthest }) => `${name} ${farthest === undefined ? 'at no T' : `up to ${farthest}`}`))}.`;
  const table: Table = {
    title: `${what}: seeds that solve it, and the steps they need`,
    head: ['cell', ...distances.map((distance) => `T = ${distance}`)],
    rows: groups.map(({ name, at, solved }) => [
      name,
      ...distances.map((distance) => {
        const steps = at(distance).flatMap(({ outcome }) => outcome.solvedAt ?? []);
        const left =
          steps.length === 0
            ? `loss ${percent(median(at(distance).map(({ outcome }) => outcome.finalShare)))}`
            : short(median(steps));
        return `${solved(distance)} of ${at(distance).length}; ${left}`;
      }),
    ]),
    caption: `Solved: the smoothed loss is below ${percent(SOLVED)} of what one gets without memory. Numbers: median steps of those that solve it; where none does, the median loss at the end, as a share of that.`,
  };
  return {
    findings: [sentence],
    figures: [
      {
        name: `memory-${task}`,
        title:
          task === 'adding'
            ? 'The adding problem: two marked numbers among T'
            : 'The copy task: three symbols, T steps later',
        caption: `${sentence} Loss at the end as a share of the loss without memory (1: nothing learned); a run ends at ${plain(SOLVED)}, where it counts as solved. A dot is a run, the bar their median.`,
        panels: distances.map((distance) =>
          dotChart({
            heading: `T = ${distance}`,
            x: { label: 'share of the loss without memory', from: 0, to: 1.2 },
            level: { x: SOLVED, label: 'solved' },
            rows: groups.map(({ name, ink, at, solved }) => ({
              label: name,
              ink,
              values: at(distance).map(({ outcome }) => outcome.finalShare),
              words: `${solved(distance)} of ${at(distance).length}`,
            })),
          }),
        ),
      },
    ],
    tables: [table],
  };
}

function presentSine({ config, outcome }: DonePart<SineConfig, SineOutcome>): Presentation {
  const { network, repeated, known, values, predicted } = outcome;
  const sentence = `Next value of a noisy sine: a vanilla RNN of ${config.hidden} units is off by ${short(network)} (root mean square), where repeating the last value is off by ${short(repeated)}, and one who knows the sine, but not the noise, by ${short(known)}.`;
  return {
    findings: [sentence],
    figures: [
      {
        name: 'memory-sine',
        title: 'A first regression: the next value of a noisy sine',
        caption: `${sentence} A sine that was not trained on.`,
        panels: [
          lineChart({
            heading: 'What came, and what was predicted one step before',
            x: { label: 'time step', from: 0 },
            y: { label: 'value' },
            width: 960,
            height: 300,
            lines: [
              { label: 'what came', ink: 'gray', noLine: true, points: values.map((value, t) => [t, value]) },
              { label: 'predicted', ink: 'blue', points: predicted.map((value, t) => [t, value]) },
            ],
          }),
        ],
      },
    ],
  };
}

function cellWords(cell: string): string {
  const known: Readonly<Record<string, string>> = {
    rnn: 'RNN',
    lstm: 'LSTM',
    'lstm+1': 'LSTM, forget bias 1',
    gru: 'GRU',
    'coupled-lstm': 'coupled LSTM',
    mgu: 'MGU',
    'min-gru': 'minGRU',
    'ind-rnn': 'IndRNN',
    'antisymmetric-rnn': 'antisymmetric',
    'fast-grnn': 'FastGRNN',
  };
  return known[cell] ?? cell;
}
