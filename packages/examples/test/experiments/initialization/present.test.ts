import { expect, test } from 'vitest';
import { initialization } from '../../../src/experiments/initialization/present.ts';
import type { Config, Outcome } from '../../../src/experiments/initialization/run.ts';

const parts = initialization.parts('tiny');
const ofName = (name: string): Config => parts.find((config) => config.name === name)!;

test('a network that begins with the identity has it: spectral radius 1, and another gradient than Xavier’s', async () => {
  const run = async (name: string): Promise<Outcome> =>
    (await initialization.run({ ...ofName(name), iterations: 2 })).outcome;
  const [identity, xavier] = [await run('identity'), await run('Xavier')];
  expect(identity.radius).toBeCloseTo(1, 9);
  expect(Math.abs(xavier.radius - 1)).toBeGreaterThan(0.01);
  expect(identity.norms).not.toEqual(xavier.norms);
});

/** Outcomes of three seeds for each setting, by its name: factors of a step, and final losses. */
function presented(
  runs: Readonly<Record<string, { readonly rate?: number; readonly losses?: readonly (number | null)[] }>>,
): ReturnType<typeof initialization.present> {
  const done = parts.flatMap((config) => {
    const { rate = 0.9, losses = [2.1, 2.2, 2.15] } = runs[config.name] ?? {};
    return losses.map((finalLoss, i) => ({
      config: { ...config, seed: i + 1 },
      outcome: {
        norms: Array.from({ length: 8 }, (_, t) => (rate + i / 1000) ** (8 - t)),
        rate: rate + i / 1000,
        r2: 1,
        radius: 1 + i / 10,
        loss: { at: [1, 2], values: [3, 2.2] },
        finalLoss,
      },
      measured: {},
    }));
  });
  return initialization.present(done);
}

test('Xavier’s decay beats small weights’ where its factor is higher and not above 1', () => {
  const held = (xavier: number, small: number): number =>
    presented({ Xavier: { rate: xavier }, '0.01·N (small)': { rate: small } }).claims![0]!.held;
  expect([held(0.9, 0.1), held(0.1, 0.9), held(1.2, 0.1)]).toEqual([3, 0, 0]);
});

test('the setting that is named best comes with all that the runs do not tell from it', () => {
  const { findings } = presented({
    orthogonal: { rate: 0.99, losses: [2.0, 2.1, 2.05] },
    identity: { losses: [2.02, 2.09, 2.2] },
    '0.5·N (too large)': { losses: [3.1, 3.3, 3.2] },
  });
  const words = findings.join(' ');
  expect(words).toContain('Closest to 1 is orthogonal with 0.991 (0.99 … 0.992). ');
  expect(words).toContain(
    'orthogonal has the lowest training loss, 2.05 (2 … 2.1) nats. identity does as well with some seeds.',
  );
  expect(words).toContain('The highest is that of 0.5·N (too large), 3.2 (3.1 … 3.3) nats.');
});

test('the best setting is that whose median is lowest, which is what the plot shows', () => {
  const { findings } = presented({ orthogonal: { losses: [2, 2, 2.9] } });
  expect(findings.join(' ')).toContain('orthogonal has the lowest training loss, 2 (2 … 2.9) nats. ');
});

test('a loss far from the others does not stretch their axis: an arrow stands for it, and the caption says so', () => {
  const figure = presented({ '0.5·N (too large)': { losses: [9.1, 9.3, 9.2] } }).figures[1]!;
  expect(figure.panels[1]!.content).toContain('→ 9.2');
  expect(figure.caption).toContain('An arrow stands for a median beyond the axis.');
  expect(presented({}).figures[1]!.caption).not.toMatch(/arrow/i);
});

test('a setting whose runs diverge is the worst, and has no loss', () => {
  const { findings, tables } = presented({ identity: { losses: [null, null, null] } });
  expect(findings.join(' ')).toContain('The highest is that of identity');
  expect(tables![0]!.rows.find(([name]) => name === 'identity')!.at(-1)).toBe('not finite');
});

test('wherever a loss is shown, it is said to be that of the text trained on', () => {
  const { findings, figures, tables } = presented({});
  const { title, panels, caption } = figures[1]!;
  expect(findings.join(' ')).toContain('lowest training loss');
  expect(title).toContain('Training loss');
  expect(caption).toContain('On the training text; nothing is held out.');
  for (const { content } of panels) {
    expect(content).toMatch(/training loss/i);
    expect(content).not.toMatch(/(?<!training loss, )nats per character/);
  }
  expect(tables![0]!.head.at(-1)).toBe('final training loss, nats');
});

test('a run that diverges has its losses at the places of one that does not', async () => {
  const { outcome } = await initialization.run({
    ...ofName('Xavier'),
    iterations: 200,
    lr: 1e35,
    clip: null,
  });
  const { loss, finalLoss } = outcome;
  expect(finalLoss).toBeNull();
  expect(loss.at.length).toBeLessThan(40);
  expect(loss.at[0]).toBe(200 / 40);
});
