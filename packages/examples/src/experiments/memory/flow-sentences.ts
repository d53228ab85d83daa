/** Findings about gradients of different cells. */
import { count, formatMedian, list, medianRange, short } from '../../common/format.ts';
import { median } from '../../common/statistics.ts';
import { lowest, tiedSentences } from '../common/ranking.ts';
import type { Look } from './flow.ts';
import { factorsOf, type Group, type Summary, type When } from './flow-summary.ts';

/** Factors between LSTMs of one forget bias and RNNs, by initial weights. */
type Factors = readonly { readonly init: string; readonly factors: readonly number[] }[];

function factorsByInit({ compared }: Summary, forgetBias: number, when: When): Factors {
  return compared.map(({ init, rnn, lstms }) => {
    const lstm = lstms.find((group) => group.forgetBias === forgetBias)!;
    return { init, factors: factorsOf(lstm, rnn, when) };
  });
}

/**
 * Whether LSTMs keep more of the gradient than RNNs, and by what factor, with each of the initial
 * weights.
 */
export function comparisonSentences(summary: Summary, when: When): string[] {
  return [0, 1].flatMap((forgetBias) => {
    const each = factorsByInit(summary, forgetBias, when);
    const bias = forgetBias === 0 ? '' : ` with forget bias ${forgetBias}`;
    const factors = each.map(({ init, factors: some }) => `${medianRange(some)} (${init})`);
    return [
      `${when === 'before' ? 'Before' : 'After'} training, an LSTM${bias} keeps, against an RNN, ${comparison(each)}.`,
      `At distance ${summary.distance} its share is that of an RNN times ${list(factors)}.`,
    ];
  });
}

type Comparison = 'more' | 'less' | 'mixed';

function comparisonOf(factors: readonly number[]): Comparison {
  if (factors.every((factor) => factor > 1)) return 'more';
  return factors.every((factor) => factor < 1) ? 'less' : 'mixed';
}

/** The comparison for each of the initial weights. */
export function comparison(each: Factors): string {
  const found = (which: Comparison): string[] =>
    each.filter(({ factors }) => comparisonOf(factors) === which).map(({ init }) => init);
  const clauses = [
    ...(['more', 'less'] as const).map((which) => ({ of: found(which), clause: which })),
    { of: found('mixed'), clause: 'more or less, by seed,' },
  ].filter(({ of }) => of.length > 0);
  if (clauses.length === 1) return `${clauses[0]!.clause} with all initial weights`;
  return `${clauses.map(({ of, clause }) => `${clause} with ${list(of)}`).join('; ')} weights`;
}

/** Shares beside what one step back multiplies by, roughly: radius and forget gate. */
export function driveSentences({ compared, distance }: Summary): string[] {
  const rnns = compared.map(({ rnn }) => ({ radius: before(rnn, 'radius'), share: shareOf(rnn) }));
  const pairs = rnns.flatMap((a, i) => rnns.slice(i + 1).map((b) => [a, b] as const));
  const ordered = pairs.filter(([a, b]) => (a.radius - b.radius) * (a.share - b.share) > 0).length;
  const lstms = compared.map(({ lstms: all }) => {
    const [closed, open] = [0, 1].map((bias) => all.find(({ forgetBias }) => forgetBias === bias)!);
    return { closed: closed!, open: open! };
  });
  const factors = lstms.flatMap(({ closed, open }) => factorsOf(open, closed, 'before'));
  const plain = lstms.map(({ closed }) => shareOf(closed));
  const gates = (pick: (lstm: (typeof lstms)[number]) => Group): string =>
    short(median(lstms.map((each) => before(pick(each), 'forget'))), 2);
  return [
    `Untrained RNNs with the larger spectral radius keep the larger share in ${ordered} of ${count(pairs.length, 'pair')} of initial weights.`,
    `A forget bias of 1 takes an untrained LSTM’s mean forget gate from ${gates(({ closed }) => closed)} to ${gates(({ open }) => open)}.`,
    `With it, more is left at distance ${distance} in ${factors.filter((factor) => factor > 1).length} of ${count(factors.length, 'pair')} of runs.`,
    `Without it, an untrained LSTM’s share differs between initial weights by a factor of up to ${short(Math.max(...plain) / Math.min(...plain), 1)}.`,
  ];
}

/** Which cell keeps most after training, among all with the same initial weights. */
export function mostSentences({ cells, distance, iterations }: Summary): string[] {
  const { best, tied } = lowest(cells, ({ left }) => left.after.map((share) => -Math.log(share)), median);
  return [
    `After ${count(iterations, 'step')} of training, most is left at distance ${distance} in ${best.name}: ${formatMedian(best.left.after)} (${best.init} initial weights).`,
    ...tiedSentences(tied.map(({ name }) => name)),
  ];
}

function shareOf({ left }: Group): number {
  return median(left.before);
}

function before({ runs }: Group, what: keyof Look & ('radius' | 'forget')): number {
  return median(runs.map(({ outcome }) => outcome.before[what]!));
}
