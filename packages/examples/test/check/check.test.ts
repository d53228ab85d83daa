import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { gradientTable, lawLines } from '../../src/check/format.ts';
import { checkNetworks } from '../../src/check/networks.ts';
import { checkFile } from '../../src/check/own-cell.ts';
import { UsageError } from '../../src/cli/errors.ts';

const leaky = fileURLToPath(new URL('../../src/leaky-cell.ts', import.meta.url));
const source = readFileSync(leaky, 'utf8');
/** Fewer cases for each law, where a test is not about the laws. */
const few = '\nexport const options = { runs: 2 };\n';
const folder = mkdtempSync(join(tmpdir(), 'chronograd-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file of the temporary folder. */
function fileOf(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** Runs the built program. */
function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const program = fileURLToPath(new URL('../../dist/check/check.js', import.meta.url));
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
}

describe('check without a file', () => {
  const networks = checkNetworks();

  test('RNN, LSTM and GRU: by hand, by autograd and by differences, every gradient agrees', () => {
    expect(networks.map(({ name }) => name)).toEqual(['RNN', 'LSTM', 'GRU', 'GRU, reset before']);
    const rows = networks.flatMap(({ parameters }) => parameters);
    expect(rows.map(({ name }) => name)).toContain('state.c');
    for (const { ok, handError, differenceError, autograd } of rows) {
      expect(ok).toBe(true);
      expect(handError).toBeLessThan(1e-13);
      expect(differenceError).toBeLessThan(1e-8);
      expect(Math.abs(autograd)).toBeGreaterThan(1e-3);
    }
  });

  test('docs/programs.md shows a part of its output', () => {
    const { status, stdout } = run();
    expect(status).toBe(0);
    const block = /<!-- check -->\n```text\n(.*?)\n```\n<!-- \/check -->/s.exec(
      readFileSync(new URL('../../../../docs/programs.md', import.meta.url), 'utf8'),
    )![1]!;
    // Errors are rounding, which differs between engines, and seconds between runs.
    const masked = (text: string) => text.replace(/ +\de-\d\d/g, ' error').replace(/\d+\.\d s$/m, 'seconds');
    for (const part of block.split('\n…\n')) expect(masked(stdout)).toContain(masked(part));
    expect(block).toMatch(/^LSTM .*by hand .*autograd .*differences/m);
  });
});

describe('check with a file', () => {
  test('A file that ends the program has not passed', () => {
    const { status, stderr } = run(fileOf('exit.ts', 'process.exit(0);'));
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: the file ended the program before it was checked\n',
    });
  });

  test('A right cell with a right backward: gradients three ways, all laws, exit code 0, words and JSON', () => {
    const { status, stdout } = run(leaky);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ok {5}cell\.weightHh\[2, 1\] +0\.8087103 +0\.8087103 +0\.8087103 /m);
    expect(stdout).toMatch(/All 39 gradients agree\.\nAll 13 laws that apply hold\. \d+\.\d s\n$/);
    const json = run('--json', fileOf('right.ts', source + few));
    expect(json.stdout.trimEnd()).not.toContain('\n');
    expect(JSON.parse(json.stdout)).toMatchObject({ cell: 'LeakyCell', passed: true, byHand: true });
  });

  test('A gradient under a name that the cell has not: the name and the one expected', () => {
    const misnamed = fileOf('misnamed.ts', source.replace('leak: dleak }', 'leaks: dleak }') + few);
    const { status, stdout } = run(misnamed);
    expect(status).toBe(1);
    expect(stdout).toContain('likely cure: the cell has no cell.leaks; the expected names are cell.leak\n');
    expect(stdout).toMatch(/All 39 gradients agree\. No gradient by hand: cell\.leak\.\n1 of 13 laws broken/);
  });

  test('A wrong one: exit code 1, the wrong parameters, and the law in words', () => {
    const wrong = fileOf('wrong.ts', source.replace('dbias[i]! += dz[i]!', 'dbias[i]! += dz[i]! * h[i]!'));
    const { status, stdout } = run(wrong);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^WRONG {2}cell\.bias\[\d\]/m);
    expect(stdout).toContain('BROKEN: The handwritten backward equals autograd');
    expect(stdout).toMatch(/Wrong gradients: cell\.bias\.\n1 of 13 laws broken\. \d+\.\d s\n$/);
    writeFileSync(wrong, readFileSync(wrong, 'utf8') + few);
    expect(JSON.parse(run('--json', wrong).stdout)).toMatchObject({ passed: false });
  });

  const kinds: readonly (readonly [kind: string, right: string, wrong: string, says: RegExp])[] = [
    [
      'a missing term',
      'g * (1 - alpha[j]!) + ',
      '',
      /a term is missing in the backward pass: the direct path to state, past the matrices/,
    ],
    [
      'one step of one stream',
      'dbias[i]! +=',
      'dbias[i] =',
      /cell\.bias is that of the first step of the last stream only/,
    ],
    [
      'one stream only',
      'dbias[i]! +=',
      'if (stream === 0) dbias[i]! +=',
      /cell\.bias is that of the first stream only/,
    ],
    [
      'mean for sum',
      '+= dz[i]! * h[j]!',
      '+= (dz[i]! * h[j]!) / inputs[0]!.length',
      /cell\.weightHh is divided by the number of streams: a mean, where the sum is expected/,
    ],
    ['a constant factor', 'dWxh[i]![j]! += ', 'dWxh[i]![j]! += 2 * ', /cell\.weightIh has a factor of 2/],
    ['a sign', '(n[i]! - h[i]!) * alpha', '(h[i]! - n[i]!) * alpha', /cell\.leak has the wrong sign/],
    [
      'a transpose',
      'Whh[i]![j]! * d',
      'Whh[j]![i]! * d',
      /a transpose is missing: weightHhᵀ · dz flows back to state/,
    ],
    ['a transpose', 'dWhh[i]![j]! +=', 'dWhh[j]![i]! +=', /cell\.weightHh is transposed/],
    [
      'an ignored gradient of the state',
      'matrix(problem.dState)[stream]!',
      'bias.map(() => 0)',
      /dState is ignored: begin the backward pass with it/,
    ],
  ];

  test.each(kinds)('Its backward has %s (%s): named so', (_, right, wrong, says) => {
    expect(source).toContain(right);
    const { report } = checkFile(fileOf('kind.ts', source.replace(right, wrong)));
    const broken = report.laws.filter((law) => law.broken !== null);
    expect(broken.map(({ id }) => id)).toEqual(['backward']);
    expect(broken[0]!.broken!.cure).toMatch(says);
  });

  test('makeCell chooses among cells, and options go to the laws; imports of other files and types are followed', () => {
    fileOf('leaky.ts', source);
    const file = fileOf(
      'chosen.ts',
      `import { LeakyCell } from './leaky.ts';
import type { CellSizes } from '@chronograd/nn/testing';
console.log('on standard error');
class Even extends LeakyCell {
  constructor(n: { units: number }, { inputSize, hiddenSize, ...options }: CellSizes) {
    super(inputSize, n.units, options);
    if (n.units % 2 === 1) throw new Error('odd');
  }
}
export { LeakyCell, Even };
export const makeCell = (sizes: CellSizes) => new Even({ units: sizes.hiddenSize }, sizes);
export const options = { hiddenMultiple: 2, skip: ['float32'], runs: 2 };`,
    );
    const { parameters, report } = checkFile(file);
    expect(report.passed).toBe(true);
    expect(report.cell).toBe('Even');
    expect(report.laws.map(({ id }) => id)).not.toContain('float32');
    expect(parameters!.find(({ name }) => name === 'cell.bias')!.elements).toBe(4);
    const { stdout, stderr } = run('--json', file);
    expect(stderr).toBe('on standard error\n');
    expect(JSON.parse(stdout)).toMatchObject({ passed: true });
  });

  test('A cell that throws has no table of gradients; its laws say what it threw', () => {
    const file = fileOf(
      'throws.ts',
      source.replace('const next =', "throw new TypeError('no step');\nconst next ="),
    );
    const { parameters, report } = checkFile(file);
    expect(parameters).toBeNull();
    expect(report.laws[0]!.broken!.what).toContain('TypeError: no step');
  });

  const CELL = "import { RNNCell } from '@chronograd/nn';\nexport class MyCell extends RNNCell {}\n";
  const bad: readonly (readonly [what: string, code: string | null, message: RegExp])[] = [
    ['a missing file', null, /^cannot read the file .*: no such file or directory$/],
    ['a syntax error', 'const a = 1;\nlet b: = 2;', /bad\.ts:2:8: SyntaxError: Unexpected "="$/],
    [
      'an import of nothing',
      "import './nothing.ts';",
      /bad\.ts:1:8: SyntaxError: Could not resolve "\.\/nothing\.ts"$/,
    ],
    ['an unknown package', "import 'no-such';", /bad\.ts:1:\d+: Error: Cannot find module 'no-such'$/],
    ['await at the top level', 'await 1; export {};', /bad\.ts:1:1: await at the top level/],
    ['a file that throws', '\n\nthrow new RangeError("no");', /bad\.ts:3:7: RangeError: no$/],
    [
      'no export',
      'const a = 1;',
      /expected an exported class that extends Cell, or makeCell, got nothing; write export class/,
    ],
    ['no cell among exports', 'export const a = 1; export class B {}', /or makeCell, got B, a; write/],
    [
      'two cells',
      `${CELL}export class Other extends RNNCell {}`,
      /expected one exported cell, got MyCell, Other; choose with export const makeCell/,
    ],
    [
      'another constructor',
      "import { RNNCell } from '@chronograd/nn';\nexport class MyCell extends RNNCell { constructor(o: any) { super(o.in.size, o.out, o); } }",
      /bad\.ts:2:\d+: TypeError: .*; check calls new MyCell\(inputSize, hiddenSize, \{ dtype, random \}\), or makeCell/,
    ],
    [
      'a maker of something else',
      'export const makeCell = () => 3;',
      /bad\.ts: ValueError: checkCell: .*number/,
    ],
    ['an invalid maker', 'export const makeCell = 3;', /expected a function as makeCell, got number$/],
    [
      'an invalid backward',
      `${CELL}export const backward = {};`,
      /expected a function as backward, got object$/,
    ],
    ['invalid options', `${CELL}export const options = 3;`, /expected an object as options, got number$/],
    [
      'options out of range',
      `${CELL}export const options = { runs: 0 };`,
      /bad\.ts: ValueError: checkCell: .*runs/,
    ],
  ];

  test.each(bad)('%s is bad input, said in one sentence', (_, code, message) => {
    const file = code === null ? join(folder, 'missing.ts') : fileOf('bad.ts', code);
    const error = (() => {
      try {
        return checkFile(file);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(UsageError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  });

  test('Bad input and unknown flags have exit code 2, and one line on standard error', () => {
    for (const args of [[join(folder, 'missing.ts')], ['--jsn'], [leaky, leaky], ['cell.txt']]) {
      const { status, stdout, stderr } = run(...args);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^error: [^\n]+\n$/);
    }
  });
});

describe('What check prints fits', () => {
  test('80 columns: help, gradients and laws; a wider table is left out, and the text says so', () => {
    const lines = [
      ...run('--help').stdout.split('\n'),
      ...checkNetworks().flatMap(({ name, parameters }) => gradientTable(name, parameters)),
    ];
    const { report } = checkFile(
      fileOf('twice.ts', source.replace('dbias[i]! += dz', 'dbias[i]! -= dz') + few),
    );
    lines.push(...lawLines(report, 80));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).toMatch(/a wider terminal, or a file, shows a table of \d+ columns/);
    expect(lawLines(report, 200).join('\n')).toMatch(/absolute error/);
  });
});
