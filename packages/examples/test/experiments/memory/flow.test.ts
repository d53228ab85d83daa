import { expect, test } from 'vitest';
import { cellFlow, type FlowConfig, type FlowOutcome } from '../../../src/experiments/memory/flow.ts';
import { flowParts } from '../../../src/experiments/memory/flow-parts.ts';
import { comparison } from '../../../src/experiments/memory/flow-sentences.ts';
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

test('one looks at what is before training and after, from the last step back', async () => {
  const { before, after } = await cellFlow(find('rnn', 0));
  expect([before.shares.length, after.shares.length]).toEqual([8, 8]);
  expect([before.shares[0], after.shares[0]]).toEqual([1, 1]);
  expect(before.shares).not.toEqual(after.shares);
  expect(before.radius).toBeGreaterThan(0);
  expect(before.forget).toBeUndefined();
});

test('a forget bias of 1 opens the gate to the sigmoid of 1, and none leaves it half open', async () => {
  const gate = async (forgetBias: number): Promise<number> =>
    (await cellFlow({ ...find('lstm', forgetBias), iterations: 0, hidden: 30 })).before.forget!;
  expect(await gate(0)).toBeCloseTo(0.5, 1);
  expect(await gate(1)).toBeCloseTo(1 / (1 + Math.exp(-1)), 1);
});

test('an LSTM that has more left than the RNN with the same first weights keeps it longer, and one that has less does not', () => {
  const { claims, findings } = presented(({ cell, init }) => {
    if (cell !== 'lstm') return [0.01, 0.01];
    return init === 'pytorch' ? [0.2, 0.2] : [0.001, 0.2];
  });
  const verdicts = (words: string): number[] =>
    claims!.filter(({ claim }) => claim.includes(words)).map(({ held }) => held);
  expect(verdicts('before training (PyTorch’s')).toEqual([3, 3]);
  expect(verdicts('before training (Xavier’s')).toEqual([0, 0]);
  expect(verdicts('before training (orthogonal')).toEqual([0, 0]);
  expect(verdicts('after')).toEqual([3, 3, 3, 3, 3, 3]);
  expect(claims!.find(({ held }) => held === 3)!.evidence[0]).toMatch(/: 20 .*times as much/);
  expect(claims!.find(({ held }) => held === 0)!.evidence[0]).toMatch(/: 0\.1 .*times as much/);
  expect(findings[0]).toBe(
    'Before training, an LSTM keeps, against an RNN, more with PyTorch’s; less with Xavier’s and orthogonal weights.',
  );
  expect(findings[4]).toBe('After training, an LSTM keeps, against an RNN, more with all initial weights.');
  expect(findings[6]).toMatch(
    /^After training, an LSTM with forget bias 1 keeps, .* more with all initial weights\.$/,
  );
});

test('a bias that decides is not taken for weights that do', () => {
  const { findings } = presented(({ cell, forgetBias }) =>
    cell === 'lstm' ? [forgetBias === 0 ? 0.001 : 0.1, 0.1] : [0.01, 0.01],
  );
  expect(findings[0]).toMatch(/^Before training, an LSTM keeps, .* less with all initial weights\.$/);
  expect(findings[2]).toMatch(
    /^Before training, an LSTM with forget bias 1 keeps, .* more with all initial weights\.$/,
  );
});

test('seeds that do not agree are not made to', () => {
  const { findings, claims } = presented(({ cell, seed }) =>
    cell === 'lstm' ? [seed === 1 ? 0.001 : 0.1, 0.1] : [0.01, 0.01],
  );
  expect(findings[0]).toContain('more or less, by seed, with all initial weights');
  expect([claims![0]!.held, claims![0]!.of]).toEqual([2, 3]);
});

test('every verdict is in the words that name the first weights it was found with, in all combinations', () => {
  const factors = { more: [2, 3, 2], less: [0.5, 0.1, 0.9], mixed: [0.5, 2, 1] };
  const verdicts = ['more', 'less', 'mixed'] as const;
  const inits = ['A', 'B', 'C'];
  const clause = { more: 'more', less: 'less', mixed: 'more or less, by seed,' };
  for (const a of verdicts)
    for (const b of verdicts)
      for (const c of verdicts) {
        const found = [a, b, c];
        const words = comparison(found.map((verdict, i) => ({ init: inits[i]!, factors: factors[verdict] })));
        if (new Set(found).size === 1) {
          expect(words).toBe(`${clause[a]} with all initial weights`);
          continue;
        }
        const clauses = words.replace(/ weights$/, '').split('; ');
        expect(clauses).toHaveLength(new Set(found).size);
        for (const verdict of new Set(found)) {
          const its = clauses.find((each) => each.startsWith(`${clause[verdict]} with `))!;
          expect(its.match(/\b[ABC]\b/g)).toEqual(inits.filter((_, i) => found[i] === verdict));
        }
      }
});

test('shares are compared with radius and gate by counts, which may favor either', () => {
  const words = (radiusFirst: boolean, biasOpens: boolean): string =>
    presented(({ cell, init, forgetBias }) => {
      if (cell === 'rnn') return [(init === 'pytorch') === radiusFirst ? 0.001 : 0.1, 1];
      return [(forgetBias === 0) === biasOpens ? 0.001 : 0.1, 1];
    }).findings.join(' ');
  // Two of the three first weights have the same radius, and so no larger one.
  expect(words(true, true)).toMatch(
    /share in 2 of 3 pairs of initial weights.*more is left at distance 7 in 9 of 9 pairs/,
  );
  expect(words(false, false)).toMatch(
    /share in 0 of 3 pairs of initial weights.*more is left at distance 7 in 0 of 9 pairs/,
  );
  expect(words(true, true)).not.toContain('correlation');
  expect(words(true, true)).toContain('mean forget gate from 0.5 to 0.7.');
});

test('factors between LSTMs and RNNs are given for each of the initial weights, before and after', () => {
  const { findings } = presented(({ cell, forgetBias, init, seed }) => {
    if (cell !== 'lstm') return [0.01, 0.01];
    const times = { pytorch: 2, 'xavier-normal': 3, orthogonal: 4 }[String(init)]!;
    return [0.01 * (seed === 1 ? 100 : times * (1 + forgetBias)), 0.01 * times * (5 + forgetBias)];
  });
  const medians = (i: number): string[] => findings[i]!.match(/(?<=times |, |and )[\d.]+/g)!;
  expect([1, 3, 5, 7].map(medians)).toEqual([
    ['2', '3', '4'],
    ['4', '6', '8'],
    ['10', '15', '20'],
    ['12', '18', '24'],
  ]);
});

test('whichever cell is named best, it is drawn, as all are', () => {
  for (const best of ['rnn', 'lstm', 'gru', 'mgu']) {
    const { figures, findings } = presented(({ cell }) => [0.01, cell === best ? 0.5 : 0.01]);
    const { panels } = figures.find(({ name }) => name === 'memory-flow')!;
    const named = /most is left at distance 7 in ([^:]+):/.exec(findings.join(' '))![1]!;
    expect(named.toLowerCase()).toContain(best);
    const drawn = panels.map(({ content }) => content).join('');
    for (const name of [named, 'RNN', 'LSTM', 'LSTM, forget bias 1', 'GRU', 'MGU'])
      expect(drawn).toContain(`>${name}<`);
  }
});
