import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'chronograd-forecast-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = fileURLToPath(new URL('../../dist/forecast/forecast.js', import.meta.url));
const SMALL = ['--test', '28', '--horizon', '14', '--steps', '14', '--hidden', '4', '--updates', '40'];

/** Runs `forecast` on a CSV file, as built. */
function run(
  csv: string,
  args: readonly string[] = SMALL,
): Promise<{ out: string; err: string; plot: string }> {
  const base = join(mkdtempSync(join(folder, 'run-')), 'series');
  writeFileSync(`${base}.csv`, csv);
  return new Promise((resolve) => {
    execFile(process.execPath, [program, `${base}.csv`, ...args, '--plot', base], (_, out, err) => {
      resolve({ out, err, plot: base });
    });
  });
}

const csvOf = (values: readonly number[]) => `day,sales\n${values.map((v, i) => `${i},${v}`).join('\n')}\n`;
/** The run that two tests read. */
let once: ReturnType<typeof run> | null = null;
const first = () => (once ??= run(csvOf(series)));
/** A week that rises by 1 a day: a season of 7 rows alone explains all but the trend. */
const series = Array.from({ length: 210 }, (_, t) => t + [0, 40, 10, 60, 20, 50, 30][t % 7]!);

test('Errors of the baselines are those of their formulas, a figure is drawn, and a loss is called one', async () => {
  const { out, plot } = await first();
  const held = Array.from({ length: 28 }, (_, i) => 182 + i);
  const rmse = (forecast: (at: number, origin: number) => number) => {
    const squares = held.map((at) => (forecast(at, at < 196 ? 182 : 196) - series[at]!) ** 2);
    return Math.sqrt(squares.reduce((a, b) => a + b) / 28);
  };
  const printed = (label: string) =>
    Number(new RegExp(`^${label}.*?([\\d.,]+) +[\\d.,]+$`, 'm').exec(out)?.[1]?.replace(',', ''));
  expect(printed('naive')).toBeCloseTo(
    rmse((_, origin) => series[origin - 1]!),
    1,
  );
  // Seven rows before the origin, and those again for the second week.
  expect(printed('seasonal naive')).toBeCloseTo(
    rmse((at, origin) => series[origin - 7 + ((at - origin) % 7)]!),
    1,
  );
  const ratio = printed('LSTM') / printed('seasonal naive');
  expect(ratio).toBeGreaterThan(1);
  expect(out).toContain('The LSTM loses: its RMSE is ');
  expect(out).toMatch(/The 95 % interval of the LSTM has [\d.]+ % of the held-out rows/);
  expect([existsSync(`${plot}.svg`), existsSync(`${plot}.png`)]).toEqual([true, true]);
});

test('Nothing of the held-out end reaches training: with another end, every validation loss is the same', async () => {
  const other = series.map((value, t) => (t < 182 ? value : 1000 * value));
  const [a, b] = await Promise.all([first(), run(csvOf(other))]);
  const trained = (out: string) => out.split('\n').filter((line) => line.startsWith('update '));
  expect(trained(a.out).length).toBeGreaterThan(0);
  expect(trained(b.out)).toEqual(trained(a.out));
  expect(b.out).not.toBe(a.out);
});

test('What is wrong with a file or a flag is said in one line', async () => {
  const said = async (csv: string, args?: readonly string[]) =>
    (await run(csv, args)).err.replace(/\s+/g, ' ');
  const [missing, column, short] = await Promise.all([
    said('day,sales\n1,2\n2,\n'),
    said('day,sales\n1,2\n', ['--column', 'sale']),
    said(csvOf(series.slice(0, 50))),
  ]);
  expect(missing).toBe('error: column sales: expected a number, got "" in row 2 after the header ');
  expect(column).toBe('error: --column sale: expected one of day, sales ');
  expect(short).toContain(
    'error: expected at least 178 rows, --test from 14 on and --season up to 14, got 50 rows, 28 and 7; ',
  );
});
