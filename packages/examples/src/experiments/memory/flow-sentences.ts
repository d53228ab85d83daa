/** What gradients of different cells do, in sentences. */
import { alikeWords, lowest } from '../common/ranking.ts';
import { median } from '../common/statistics.ts';
import { count, list, medianRange, short } from '../common/words.ts';
import type { Look } from './flow.ts';
import { factorsOf, type Group, type Summary, WHENS, type When } from './flow-summary.ts';

/** The factors between LSTMs of one forget bias and RNNs, for each of the first weights. */
type Factors = readonly { readonly init: string; readonly factors: readonly number[] }[];

function factorsByInit({ compared }: Summary, forgetBias: number, when: When): Factors {
  return compared.map(({ init, rnn, lstms }) => {
    const lstm = lstms.find((group) => group.forgetBias === forgetBias)!;
    return { init, factors: factorsOf(lstm, rnn, when) };
  });
}

/** Whether LSTMs keep more than RNNs, with which first weights, and by what factor. */
export function comparisonSentence(summary: Summary, when: When): string {
  const { distance, seeds } = summary;
  const of = (forgetBias: number): [verdict: string, factors: string] => {
    const each = factorsByInit(summary, forgetBias, when);
    return [keepsWords(each), list(each.map(({ init, factors }) => `${medianRange(factors)} with ${init}`))];
  };
  const [[plain, factors], [biased, others]] = [of(0), of(1)];
  return (
    `${when === 'before' ? 'Before' : 'After'} training an LSTM keeps ${plain}: the share that is left at distance ${distance} is an RNN's times ${factors}. ` +
    `With a forget bias of 1 it keeps ${biased}: times ${others} (medians and ranges of ${seeds}).`
  );
}

type Verdict = 'more' | 'less' | 'mixed';

function verdictOf(factors: readonly number[]): Verdict {
  if (factors.every((factor) => factor > 1)) return 'more';
  return factors.every((factor) => factor < 1) ? 'less' : 'mixed';
}

/** A verdict for each of the first weights, in words that leave none of them out. */
export function keepsWords(each: Factors): string {
  const found = (verdict: Verdict): string[] =>
    each.filter(({ factors }) => verdictOf(factors) === verdict).map(({ init }) => init);
  const than = 'of its gradient than an RNN';
  const clear = (['more', 'less'] as const)
    .map((verdict) => ({ verdict, inits: found(verdict) }))
    .filter(({ inits }) => inits.length > 0);
  const mixed = found('mixed');
  if (clear.length === 0)
    return `more ${than} with some seeds and less with others, with each of the first weights`;
  if (clear.length === 1 && mixed.length === 0)
    return `${clear[0]!.verdict} ${than}, with each of the first weights`;
  const words = clear.map(({ verdict, inits }, i) =>
    i === 0 ? `${verdict} ${than} with ${list(inits)} first weights` : `${verdict} with ${list(inits)}`,
  );
  return [...words, ...(mixed.length === 0 ? [] : [`with ${list(mixed)}, seeds do not agree`])].join('; ');
}

/** How many times as much an LSTM has left as an RNN, medians alone: what a plot's caption has room for. */
export function factorsWords(summary: Summary): string {
  const medians = (forgetBias: number, when: When): string =>
    list(factorsByInit(summary, forgetBias, when).map(({ factors }) => short(median(factors), 2)));
  const both = (when: When): string =>
    `${when} training ${medians(0, when)}, and ${medians(1, when)} with a forget bias of 1`;
  return `An LSTM's share is an RNN's times (with ${list(summary.compared.map(({ init }) => init))} first weights) ${WHENS.map(both).join('; ')}: medians of ${summary.seeds}, each beside the RNN of its seed.`;
}

/** Shares beside what one step back multiplies by, roughly: numbers that are read off the weights and gates. */
export function drivesSentence({ compared, distance }: Summary): string {
  const rnns = compared.map(({ init, rnn }) => ({
    init,
    radius: before(rnn, 'radius'),
    share: shareOf(rnn),
  }));
  const pairs = rnns.flatMap((a, i) => rnns.slice(i + 1).map((b) => [a, b] as const));
  const ordered = pairs.filter(([a, b]) => (a.radius - b.radius) * (a.share - b.share) > 0).length;
  const lstms = compared.map(({ init, lstms }) => {
    const [shut, open] = [0, 1].map((bias) => lstms.find(({ forgetBias }) => forgetBias === bias)!);
    return { init, shut: shut!, open: open! };
  });
  const factors = lstms.flatMap(({ shut, open }) => factorsOf(open, shut, 'before'));
  const plain = lstms.map(({ shut }) => shareOf(shut));
  const gates = (pick: (lstm: (typeof lstms)[number]) => Group): string =>
    short(median(lstms.map((each) => before(pick(each), 'forget'))), 2);
  return (
    `Before training, medians: the share left at distance ${distance} in an RNN and the spectral radius of its W_hh are ${list(rnns.map(({ init, radius, share }) => `${short(share, 2)} at ${short(radius)} with ${init}`))} first weights; ` +
    `the larger radius has the larger share in ${ordered} of ${count(pairs.length, 'pair')} of first weights. ` +
    `A forget bias of 1 takes an LSTM's mean forget gate from ${gates(({ shut }) => shut)} to ${gates(({ open }) => open)}, and its share ${list(lstms.map(({ init, shut, open }) => `from ${short(shareOf(shut), 2)} to ${short(shareOf(open), 2)} with ${init}`))}: ` +
    `more is left in ${factors.filter((factor) => factor > 1).length} of ${count(factors.length, 'pair')} of runs. ` +
    `Without that bias an LSTM's median share differs between first weights by a factor of up to ${short(Math.max(...plain) / Math.min(...plain), 2)}.`
  );
}

/** Which cell keeps most after training, among all that have the same first weights. */
export function mostSentence({ cells, distance, iterations }: Summary): string {
  const { best, alike } = lowest(cells, ({ left }) => left.after.map((share) => -Math.log(share)), median);
  return `With ${best.init} first weights, after ${count(iterations, 'step')} of training, most is left at distance ${distance} in ${best.name}, ${medianRange(best.left.after)}${alikeWords(alike.map(({ name }) => name))}.`;
}

function shareOf({ left }: Group): number {
  return median(left.before);
}

function before({ runs }: Group, what: keyof Look & ('radius' | 'forget')): number {
  return median(runs.map(({ outcome }) => outcome.before[what]!));
}
