import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'chronograd-programs-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = fileURLToPath(new URL('../../dist/programs/example.js', import.meta.url));

/** Runs `example`, as built. */
function run(...args: string[]): Promise<{ out: string; err: string; code: number }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], (error, out, err) => {
      resolve({ out, err, code: error === null ? 0 : Number(error.code) });
    });
  });
}
const plot = (name: string): string[] => ['--plot', join(folder, name)];
const drawn = (name: string): boolean[] =>
  ['svg', 'png'].map((kind) => existsSync(join(folder, `${name}.${kind}`)));

test('example lists its programs, which are those of docs/programs.md, and names a wrong one', async () => {
  const { out } = await run();
  const listed = [...out.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name!);
  const page = readFileSync(new URL('../../../../docs/programs.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `pnpm example (\S+)` \|/gm)].map(([, name]) => name!);
  expect(documented).toEqual(listed);
  const files = readdirSync(new URL('../../src/programs/', import.meta.url));
  expect(listed.filter((name) => !files.includes(`${name}.ts`))).toEqual([]);
  expect(await run('ctx')).toEqual({ out: '', code: 2, err: expect.stringContaining('did you mean ctc?') });
});

test('ctc prints the errors of the network beside those of templates, and draws its figure', async () => {
  const { out, err } = await run('ctc', '--updates', '6', '--test', '40', '--hidden', '4', ...plot('ctc'));
  expect(err).toBe('');
  // The same lines in every run: templates find no whole line by chance.
  expect(out).toMatch(/nearest template +3\d\.\d % +\d+\.\d %\n/);
  expect(out).toMatch(/network, CTC +\d+\.\d % +0\.0 %\n/);
  expect(drawn('ctc')).toEqual([true, true]);
});

test.each([
  ['dates', /Date\.parse +[4-8]\d\.\d %/],
  ['addition', /a \+ b +100\.0 %/],
])(
  'seq2seq prints four ways to write %s beside its baseline, and draws its figure',
  async (task, baseline) => {
    const small = ['--updates', '2', '--test', '30', '--hidden', '4'];
    const { out, err } = await run('seq2seq', '--task', task, ...small, ...plot(task));
    expect(err).toBe('');
    expect(out).toMatch(baseline);
    expect(out.match(/^encoder–decoder.* {2,}\d+\.\d %$/gm)).toHaveLength(4);
    expect(drawn(task)).toEqual([true, true]);
  },
);

test('three-ways computes one gradient: RTRL is BPTT to rounding, differences to their own error', async () => {
  const { out, err } = await run('three-ways', '--hidden', '4', '--steps', '20', ...plot('three-ways'));
  expect(err).toBe('');
  const rows = [...out.matchAll(/ (\S+) +(\S+)$/gm)].slice(2, -1).map(([, ...off]) => off.map(Number));
  expect(rows).toHaveLength(4);
  for (const [rtrl, differences] of rows) {
    expect(rtrl).toBeLessThan(1e-14);
    expect(differences).toBeLessThan(1e-7);
    expect(differences).toBeGreaterThan(0);
  }
  expect(drawn('three-ways')).toEqual([true, true]);
});

test('classify prints the network beside naive Bayes, says which is better, and draws its figure', async () => {
  const { out, err } = await run('classify', '--epochs', '1', '--hidden', '2', ...plot('classify'));
  expect(err).toBe('');
  // Names change with the version of Node. One in ten is chance.
  expect(out).toMatch(/naive Bayes, three letters +[67]\d\.\d %\n {2}GRU, both directions +\d+\.\d %\n/);
  expect(out).toContain('The network loses');
  expect(drawn('classify')).toEqual([true, true]);
});

test('embedding prints how well held-out neighbors rank beside counted pairs, and draws its map', async () => {
  const small = ['--updates', '5', '--words', '200', '--width', '4'];
  const { out, err } = await run('embedding', ...small, ...plot('embedding'));
  expect(err).toBe('');
  expect(out).toMatch(/counted pairs \(PMI\) +5\d\.\d %\n {2}skip-gram +\d\d\.\d %\n/);
  expect(out).toMatch(/\n {2}whale +\w+ \w+ \w+ \w+\n/);
  expect(drawn('embedding')).toEqual([true, true]);
});

test('ladder prints six models beside counts, with their sizes, and draws its figure', async () => {
  const { out, err } = await run('ladder', '--seconds', '0.1', '--hidden', '8', ...plot('ladder'));
  expect(err).toBe('');
  const rows = [...out.matchAll(/^(\w+) +([\d,]+) parameters +(\d\.\d\d)$/gm)];
  expect(rows.map(([, name]) => name)).toEqual(['bigram', 'MLP', 'RNN', 'GRU', 'LSTM', 'transformer']);
  expect(out).toContain('counted, up to 5 characters before   2.24');
  const V = Math.sqrt(Number(rows[0]![2]!.replace(',', '')));
  expect(Number(rows[2]![2]!.replace(',', ''))).toBe(8 * V + 8 * 8 + 16 + 8 * V + V);
  expect(drawn('ladder')).toEqual([true, true]);
});
