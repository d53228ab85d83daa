import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

test('min-char-rnn has at most 100 lines of honest length', () => {
  const lines = readFileSync(new URL('../src/min-char-rnn.ts', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  expect(lines.length).toBeLessThanOrEqual(100);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(130);
});

test('min-char-rnn compares its gradients with handwritten BPTT, then learns, and samples what it learned', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chronograd-min-'));
  try {
    const file = join(folder, 'input.txt');
    writeFileSync(file, 'the quick brown fox jumps over the lazy dog; '.repeat(40));
    const program = fileURLToPath(new URL('../dist/min-char-rnn.js', import.meta.url));
    const printed = execFileSync(process.execPath, [program, file, '3000'], { encoding: 'utf8' });
    expect(printed).toMatch(/^data has 1800 characters, 28 unique\.\n/);
    const rows = [...printed.matchAll(/^(ok|WRONG) +(\S+) +\[[\d, ]+\] +\S+ +(\S+)/gm)];
    expect(rows.map(([, mark, name]) => [mark, name])).toEqual([
      ['ok', 'recurrent.cell.weightIh'],
      ['ok', 'recurrent.cell.weightHh'],
      ['ok', 'recurrent.cell.biasIh'],
      ['ok', 'decoder.weight'],
      ['ok', 'decoder.bias'],
    ]);
    for (const [, , , relative] of rows) expect(Number(relative)).toBeLessThan(1e-12);
    expect(printed.indexOf('WRONG')).toBe(-1);
    expect(printed.lastIndexOf('ok ')).toBeLessThan(printed.indexOf('iter 0'));
    const losses = [...printed.matchAll(/^iter \d+, loss: (\d+\.\d+)$/gm)].map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(4);
    expect(losses[0]).toBeCloseTo(25 * Math.log(28), 0); // a blind guess, summed over 25 steps
    expect(losses[3]).toBeLessThan(0.2 * losses[0]!);
    const samples = [...printed.matchAll(/----\n([\s\S]{200})\n----\n/g)].map(([, sample]) => sample!);
    expect(samples).toHaveLength(4);
    expect(samples[3]).toContain('quick brown fox');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
