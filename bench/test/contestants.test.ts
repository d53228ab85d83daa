import { expect, test } from 'vitest';
import { type Case, cases, type TrainCase } from '../src/cases.ts';
import { contestants } from '../src/contestants.ts';
import type { NodeBinary } from '../src/nodes.ts';
import { ours, referee } from '../src/our-contestants.ts';
import { prepareTraining } from '../src/ours/train.ts';
import { disagreement, TOLERANCE } from '../src/statistics.ts';

const older: NodeBinary = { major: '20', path: 'node20' };
const newest: NodeBinary = { major: '24', path: 'node24' };
const training = cases.filter((each): each is TrainCase => each.kind === 'train');
const named = (id: string): Case => cases.find((each) => each.id === id)!;
const idsOf = (id: string): string[] =>
  contestants([older, newest], false)
    .filter(({ variants }) => variants(named(id)).length > 0)
    .map((each) => each.id);

test('Every variant of Chronograd trains like the reference', async () => {
  const small = { H: 4, T: 3, V: 65, B: 2 };
  for (const spec of training.filter(({ H, B }) => H === 128 && B === 1)) {
    const [first] = referee().variants(spec);
    const tiny = { ...spec, ...small, E: Math.min(spec.E, 3) };
    const expected = Array.from(await (await prepareTraining('float64')(tiny, first!)).check());
    const variants = new Set(ours([newest], false).flatMap((each) => each.variants(spec)));
    expect(variants.size).toBeGreaterThan(0);
    for (const variant of variants) {
      const losses = Array.from(await (await prepareTraining('float64')(tiny, variant)).check());
      expect([spec.id, variant, disagreement(losses, expected, TOLERANCE.float64)]).toEqual([
        spec.id,
        variant,
        null,
      ]);
    }
  }
});

test('LSTM and GRU are trained by ours, PyTorch, JAX and Deepbox; the layer-norm LSTM by ours and PyTorch', () => {
  const our = [
    'chronograd-node20-strict',
    'chronograd-node20-fast',
    'chronograd-node24-strict',
    'chronograd-node24-fast',
    'chronograd-node24-wide',
  ];
  for (const id of ['train-lstm-b1', 'train-lstm-b32', 'train-gru-b1', 'train-gru-b32']) {
    expect(idsOf(id)).toEqual([...our, 'torch-1', 'torch-all', 'jax-1', 'jax-all', 'deepbox']);
  }
  for (const id of ['train-lnlstm-b1', 'train-lnlstm-b32']) {
    expect(idsOf(id)).toEqual([...our, 'torch-1', 'torch-all', 'torch-compile-1']);
  }
});

test('Single ops run on the newest Node that is there', () => {
  const spec = named('matmul-512');
  const run = (nodes: readonly NodeBinary[]): string[] =>
    ours(nodes, false)
      .filter(({ variants }) => variants(spec).length > 0)
      .map(({ id }) => id);
  expect(run([older, newest])).toEqual([
    'chronograd-node24-strict',
    'chronograd-node24-fast',
    'chronograd-node24-wide',
  ]);
  expect(run([older, { ...newest, absent: 'no npx' }])).toEqual([
    'chronograd-node20-strict',
    'chronograd-node20-fast',
  ]);
});
