/** What gradients of different cells do, in numbers and sentences. */
import type { DonePart } from '../common/experiment.ts';
import { groupBy } from '../common/groups.ts';
import { alikeWords, lowest } from '../common/ranking.ts';
import { correlation, median } from '../common/statistics.ts';
import { count, list, medianRange, short } from '../common/words.ts';
import { cellWords, initWords } from './cell-words.ts';
import type { FlowConfig, FlowOutcome, Look } from './flow.ts';

/** The distance at which cells are compared. */
const DISTANCE = 50;

export type When = 'before' | 'after';
export const WHENS: readonly When[] = ['before', 'after'];

type Run = DonePart<FlowConfig, FlowOutcome>;

/** The runs of one cell with one kind of first weights. */
export interface Group {
  readonly cell: string;
  readonly name: string;
  readonly forgetBias: number;
  readonly init: string;
  readonly runs: readonly Run[];
  /** The share of the gradient that is left at the distance, of each run. */
  readonly left: Readonly<Record<When, readonly number[]>>;
}

export interface Summary {
  readonly distance: number;
  /** `5 seeds`. */
  readonly seeds: string;
  readonly iterations: number;
  /** Every cell with the first weights that all of them were given. */
  readonly cells: readonly Group[];
  /** RNN and LSTMs under each of the first weights. */
  readonly compared: readonly {
    readonly init: string;
    readonly rnn: Group;
    readonly lstms: readonly Group[];
  }[];
}

export function summaryOf(parts: readonly Run[]): Summary {
  const { reach, iterations } = parts[0]!.config;
  const distance = Math.min(DISTANCE, reach - 1);
  const groups = groupBy(parts, ({ config: { cell, forgetBias, init } }) =>
    JSON.stringify([init, cell, forgetBias]),
  ).map(([, runs]): Group => {
    const { cell, forgetBias, init } = runs[0]!.config;
    const at = (when: When): number[] => runs.map(({ outcome }) => outcome[when].shares[distance]!);
    return {
      cell,
      name: cellWords(cell, forgetBias),
      forgetBias,
      init: initWords(init),
      runs,
      left: { before: at('before'), after: at('after') },
    };
  });
  const byInit = groupBy(groups, ({ init }) => init);
  const compared = byInit.map(([init, all]) => ({
    init,
    rnn: all.find(({ cell }) => cell === 'rnn')!,
    lstms: all.filter(({ cell }) => cell === 'lstm'),
  }));
  return {
    distance,
    iterations,
    cells: byInit[0]![1],
    compared,
    seeds: count(groups[0]!.runs.length, 'seed'),
  };
}

/** How many times as much of the gradient an LSTM has left as an RNN, seed by seed. */
export function factorsOf(lstm: Group, rnn: Group, when: When): number[] {
  return lstm.left[when].map((share, i) => share / rnn.left[when][i]!);
}

/** Whether LSTMs keep more than RNNs, whether that depends on the first weights, and by what factor. */
export function comparisonSentence({ compared, distance, seeds }: Summary, when: When): string {
  const of = (forgetBias: number): string => {
    const each = compared.map(({ init, rnn, lstms }) => {
      const lstm = lstms.find((group) => group.forgetBias === forgetBias)!;
      return { init, factors: factorsOf(lstm, rnn, when) };
    });
    const factors = each.map(({ init, factors }) => `${medianRange(factors)} with ${init}`);
    return `${keepsWords(each.map(({ factors }) => verdictOf(factors)))}: the share that is left at distance ${distance} is an RNN's times ${list(factors)}`;
  };
  const [plain, biased] = [of(0), of(1)];
  return (
    `${when === 'before' ? 'Before' : 'After'} training an LSTM keeps ${plain} first weights. ` +
    `With a forget bias of 1 it keeps ${biased} ones (medians and ranges of ${seeds}).`
  );
}

type Verdict = 'more' | 'less' | 'mixed';

function verdictOf(factors: readonly number[]): Verdict {
  if (factors.every((factor) => factor > 1)) return 'more';
  return factors.every((factor) => factor < 1) ? 'less' : 'mixed';
}

/** A verdict for each of the first weights, as one. */
function keepsWords(verdicts: readonly Verdict[]): string {
  if (verdicts.every((verdict) => verdict === 'more'))
    return 'more of its gradient than an RNN, with each of the first weights';
  if (verdicts.every((verdict) => verdict === 'less'))
    return 'less of its gradient than an RNN, with each of the first weights';
  if (verdicts.every((verdict) => verdict === 'mixed'))
    return 'more of its gradient than an RNN with some seeds and less with others';
  if (!verdicts.includes('mixed'))
    return 'more or less of its gradient than an RNN, depending on the first weights';
  const clear = verdicts.includes('more') ? 'more' : 'less';
  return `${clear} of its gradient than an RNN with some first weights, and with others seeds do not agree`;
}

/** From this correlation on, a share is said to go with what decides it. */
const STRONG = 0.8;

/** What the shares go with: numbers that are read off the weights and gates. */
export function decidesSentence({ compared }: Summary): string {
  const rnns = compared.map(({ rnn }) => rnn);
  const lstms = compared.flatMap((each) => each.lstms);
  const closed = lstms.filter(({ forgetBias }) => forgetBias === 0);
  const open = lstms.filter(({ forgetBias }) => forgetBias !== 0);
  const radius = (groups: readonly Group[]): [number, number][] => drives(groups, (look) => look.radius);
  const gate = (groups: readonly Group[]): [number, number][] => drives(groups, (look) => look.forget);
  const goes = (pairs: readonly (readonly [number, number])[]): string => {
    const strength = agreement(pairs);
    return `${strength >= STRONG ? 'goes with' : 'does not go with'} (correlation of the logarithms ${short(strength, 2)} over ${count(pairs.length, 'run')})`;
  };
  const radii = rnns.map((rnn) => `${medianRange(radius([rnn]).map(([value]) => value))} with ${rnn.init}`);
  const [shut, wide] = [closed, open].map((groups) => medianRange(gate(groups).map(([value]) => value)));
  const moved = closed.map(({ left, init }) => `${short(median(left.before), 2)} with ${init}`);
  return (
    `What decides before training: an RNN's share ${goes(radius(rnns))} the spectral radius of W_hh, ${list(radii)}; ` +
    `an LSTM's ${goes(gate(lstms))} its mean forget gate, ${shut}, and ${wide} with a bias of 1. ` +
    `Without that bias the weights take an LSTM's share to ${list(moved)}.`
  );
}

/** Which cell keeps most after training, among all that have the same first weights. */
export function mostSentence({ cells, distance, iterations }: Summary): string {
  const { best, alike } = lowest(cells, ({ left }) => left.after.map((share) => -Math.log(share)), median);
  return `With ${best.init} first weights, after ${count(iterations, 'step')} of training, most is left at distance ${distance} in ${best.name}, ${medianRange(best.left.after)}${alikeWords(alike.map(({ name }) => name))}.`;
}

function drives(
  groups: readonly Group[],
  pick: (look: Look) => number | undefined,
): [drive: number, share: number][] {
  return groups.flatMap(({ runs, left }) =>
    runs.map(({ outcome }, i): [number, number] => [pick(outcome.before)!, left.before[i]!]),
  );
}

function agreement(pairs: readonly (readonly [number, number])[]): number {
  return correlation(
    pairs.map(([drive]) => Math.log(drive)),
    pairs.map(([, share]) => Math.log(share)),
  );
}

/** The first weights that are compared, in words. */
export function initsWords({ compared }: Summary): string {
  return list(compared.map(({ init }) => init));
}
