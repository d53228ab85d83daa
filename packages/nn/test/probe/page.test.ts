import { readFileSync } from 'node:fs';
import * as tensor from '@chronograd/tensor';
import { expect, test } from 'vitest';
import * as nn from '../../src/index.ts';
import * as probe from '../../src/probe/index.ts';
import { runPage } from '../page.ts';

const page = readFileSync(new URL('../../../../docs/probes.md', import.meta.url), 'utf8');

test('docs/probes.md shows the table that a summary prints', () => {
  const options = { random: new tensor.Random(1), dtype: 'float64' } as const;
  const recurrent = new nn.Recurrent(new nn.LSTMCell(3, 8, options));
  const run = () => recurrent.forward(tensor.zeros([20, 4, 3], options));
  const [, table] = /<!-- summary -->\n```\n(.*?)\n```/s.exec(page)!;
  expect(table).toBe(String(probe.summary(recurrent, run)));
});

test('docs/probes.md: its blocks run unchanged one after another, and print what they say', async () => {
  const { printed, promised } = await runPage('probes.md');
  expect(promised.length).toBeGreaterThan(10);
  expect(printed).toEqual(promised);
});
