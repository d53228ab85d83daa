import { expect, test } from 'vitest';
import { cellFlow, type FlowConfig, type FlowOutcome } from '../../../src/experiments/memory/flow.ts';
import { flowParts } from '../../../src/experiments/memory/flow-parts.ts';
import { keepsWords } from '../../../src/experiments/memory/flow-sentences.ts';
import { presentFlow } from '../../../src/experiments/memory/present-flow.ts';

const parts = flowParts({ hidden: 5, reach: 8, iterations: 2, seeds: 3, cells: ['gru', 'mgu'] });
const find = (cell: string, forgetBias: number): FlowConfig =>
  parts.find((config) => config.cell === cell && config.forgetBias === forgetBias)!;

/** Shares left at the last distance, before and after training, of three seeds. */
type Left = (config: FlowConfig) => readonly [before: number, after: number];

function presented(left: Left): ReturnType<typeof presentFlow> {
  return presentFlow(
    parts.map((config) => {
      const [before, after] = left(config).map((last) => ({
        shares: Array.from({ length: 8 }, (_, d) => (last * (1 + config.seed / 100)) ** (d / 7)),
        radius: config.init === 'pytorch' ? 0.5 : 1,
        forget: config.forgetBias === 0 ? 0.5 : 0.7,
      }));
      return { config, outcome: { before, after } as FlowOutcome, measured: {} };
    }),
  );
}

test('one looks at what is before training and after, from the last step back', () => {
  const { before, after } = cellFlow(find('rnn', 0));
  expect([before.shares.length, after.shares.length]).toEqual([8, 8]);
  expect([before.shares[0], after.shares[0]]).toEqual([1, 1]);
  expect(before.shares).not.toEqual(after.shares);
  expect(before.radius).toBeGreaterThan(0);
  expect(before.forget).toBeUndefined();
});

test('a forget bias of 1 opens the gate to the sigmoid of 1, and none leaves it half open', () => {
  const gate = (forgetBias: number): number =>
    cellFlow({ ...find('lstm', forgetBias), iterations: 0, hidden: 30 }).before.forget!;
  expect(gate(0)).toBeCloseTo(0.5, 1);
  expect(gate(1)).toBeCloseTo(1 / (1 + Math.exp(-1)), 1);
});

test('an LSTM that has more left than the RNN with the same first weights keeps it longer, and one that has less does not', () => {
  const { claims, findings } = presented(({ cell, init }) => {
    if (cell !== 'lstm') return [0.01, 0.01];
    return init === 'pytorch' ? [0.2, 0.2] : [0.001, 0.2];
  });
  const verdicts = (words: string): number[] =>
    claims!.filter(({ claim }) => claim.includes(words)).map(({ held }) => held);
  expect(verdicts('PyTorch’s first weights, before')).toEqual([3, 3]);
  expect(verdicts('Xavier’s first weights, before')).toEqual([0, 0]);
  expect(verdicts('orthogonal first weights, before')).toEqual([0, 0]);
  expect(verdicts('after')).toEqual([3, 3, 3, 3, 3, 3]);
  expect(claims!.find(({ held }) => held === 3)!.evidence).toMatch(/^20 /);
  expect(claims!.find(({ held }) => held === 0)!.evidence).toMatch(/^0\.1 /);
  expect(findings[0]).toContain(
    'more of its gradient than an RNN with PyTorch’s first weights; less with Xavier’s and orthogonal:',
  );
  expect(findings[0]).not.toContain('each of the first weights');
  expect(findings[1]).toMatch(
    /(keeps more of its gradient than an RNN, with each of the first weights.*){2}/,
  );
});

test('a bias that decides is not taken for weights that do', () => {
  const { findings } = presented(({ cell, forgetBias }) =>
    cell === 'lstm' ? [forgetBias === 0 ? 0.001 : 0.1, 0.1] : [0.01, 0.01],
  );
  expect(findings[0]).toMatch(/less of its gradient than an RNN, with each .*bias of 1 it keeps more of its/);
});

test('seeds that do not agree are not made to', () => {
  const { findings, claims } = presented(({ cell, seed }) =>
    cell === 'lstm' ? [seed === 1 ? 0.001 : 0.1, 0.1] : [0.01, 0.01],
  );
  expect(findings[0]).toContain('more of its gradient than an RNN with some seeds and less with others');
  expect([claims![0]!.held, claims![0]!.of]).toEqual([2, 3]);
});

test('every verdict is in the words that name the first weights it was found with, in all combinations', () => {
  const factors = { more: [2, 3, 2], less: [0.5, 0.1, 0.9], mixed: [0.5, 2, 1] };
  const verdicts = ['more', 'less', 'mixed'] as const;
  const inits = ['A', 'B', 'C'];
  const named: Record<(typeof verdicts)[number], RegExp> = {
    more: /^more .*with ([ABC, and]+)( first weights)?$/,
    less: /^less .*with ([ABC, and]+)( first weights)?$/,
    mixed: /^with ([ABC, and]+), seeds do not agree$/,
  };
  for (const a of verdicts)
    for (const b of verdicts)
      for (const c of verdicts) {
        const found = [a, b, c];
        const words = keepsWords(found.map((verdict, i) => ({ init: inits[i]!, factors: factors[verdict] })));
        const one = new Set(found).size === 1;
        expect(words.includes('with each of the first weights')).toBe(one);
        if (one) {
          expect(words).toMatch(
            { more: /^more of/, less: /^less of/, mixed: /^more .*some seeds and less/ }[a],
          );
          continue;
        }
        const clauses = words.split('; ');
        expect(clauses).toHaveLength(new Set(found).size);
        for (const verdict of new Set(found)) {
          const clause = clauses.find((each) => named[verdict].test(each)) ?? words;
          const its = inits.filter((_, i) => found[i] === verdict);
          expect(named[verdict].exec(clause)![1]!.match(/[ABC]/g)).toEqual(its);
        }
      }
});

test('shares stand beside radius and gate as counts of what is larger, which may come out either way', () => {
  const words = (radiusFirst: boolean, biasOpens: boolean): string =>
    presented(({ cell, init, forgetBias }) => {
      if (cell === 'rnn') return [(init === 'pytorch') === radiusFirst ? 0.001 : 0.1, 1];
      return [(forgetBias === 0) === biasOpens ? 0.001 : 0.1, 1];
    }).findings[2]!;
  // Two of the three first weights have the same radius, and so no larger one.
  expect(words(true, true)).toMatch(/share in 2 of 3 pairs of first weights.*more is left in 9 of 9 pairs/);
  expect(words(false, false)).toMatch(/share in 0 of 3 pairs of first weights.*more is left in 0 of 9 pairs/);
  expect(words(true, true)).not.toContain('correlation');
  expect(words(true, true)).toContain('forget gate from 0.5 to 0.7, and its share from 0.001 to 0.1 with');
});

test('the caption beside RNNs and LSTMs is short, and has the medians of each first weights before and after', () => {
  const { figures } = presented(({ cell, forgetBias, init, seed }) => {
    if (cell !== 'lstm') return [0.01, 0.01];
    const times = { pytorch: 2, 'xavier-normal': 3, orthogonal: 4 }[String(init)]!;
    return [0.01 * (seed === 1 ? 100 : times * (1 + forgetBias)), 0.01 * times * (5 + forgetBias)];
  });
  const { caption } = figures.find(({ name }) => name === 'memory-flow-weights')!;
  expect(caption).toContain(
    'before training 2, 3 and 4, and 4, 6 and 8 with a forget bias of 1; after training 10, 15 and 20, and 12, 18 and 24 with',
  );
  expect(caption.length).toBeLessThan(500);
});

test('whichever cell is named best, it is drawn, as all are', () => {
  for (const best of ['rnn', 'lstm', 'gru', 'mgu']) {
    const { figures } = presented(({ cell }) => [0.01, cell === best ? 0.5 : 0.01]);
    const { caption, panels } = figures.find(({ name }) => name === 'memory-flow')!;
    const named = /most is left at distance 7 in ([^,]+),/.exec(caption)![1]!;
    expect(named.toLowerCase()).toContain(best);
    const drawn = panels.map(({ content }) => content).join('');
    for (const name of [named, 'RNN', 'LSTM', 'LSTM, forget bias 1', 'GRU', 'MGU'])
      expect(drawn).toContain(`>${name}<`);
  }
});
