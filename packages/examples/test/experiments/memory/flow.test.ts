import { expect, test } from 'vitest';
import { cellFlow, type FlowConfig, type FlowOutcome } from '../../../src/experiments/memory/flow.ts';
import { flowParts } from '../../../src/experiments/memory/flow-parts.ts';
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
  expect(findings[0]).toContain('more or less of its gradient than an RNN, depending on the first weights');
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

test('a share is said to go with radius or gate only where it does', () => {
  const follows = presented(({ cell, init, forgetBias }) =>
    cell === 'rnn' ? [init === 'pytorch' ? 0.001 : 0.1, 1] : [forgetBias === 0 ? 0.001 : 0.1, 1],
  );
  expect(follows.findings[2]).toMatch(/RNN's share goes with.*LSTM's goes with/);
  const against = presented(({ cell, init, forgetBias }) =>
    cell === 'rnn' ? [init === 'pytorch' ? 0.1 : 0.001, 1] : [forgetBias === 0 ? 0.1 : 0.001, 1],
  );
  expect(against.findings[2]).toMatch(/RNN's share does not go with.*LSTM's does not go with/);
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
