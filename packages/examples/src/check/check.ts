/** `check`: checks gradients, those of the library or of a cell of the user. */

import { runCommand, USAGE_EXIT_CODE } from '../cli/run-command.ts';
import { wrapLine } from '../cli/sanitize-terminal.ts';
import { gradientTable, lawLines } from './format.ts';
import { checkNetworks, SIZES } from './networks.ts';
import { type CheckFlags, parseCheck } from './options.ts';
import { checkFile } from './own-cell.ts';
import type { Row } from './three-ways.ts';

/** Files and pipes have no limit. */
const WIDTH = process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY;
const TEXT_WIDTH = Math.min(WIDTH, 100);

await runCommand(() => {
  const flags = parseCheck(process.argv.slice(2));
  if (flags === null) return;
  const passed = flags.file === null ? library(flags) : own(flags.file, flags);
  if (!passed) process.exitCode = 1;
});

function library({ json }: CheckFlags): boolean {
  const started = performance.now();
  const networks = checkNetworks();
  const rows = networks.flatMap(({ parameters }) => parameters);
  const passed = rows.every(({ ok }) => ok);
  if (json) {
    say(JSON.stringify({ passed, sizes: SIZES, networks }));
    return passed;
  }
  const { T, B, H, V } = SIZES;
  text(
    `Gradients by hand (BPTT), by autograd and by differences, in float64: T ${T}, B ${B}, H ${H}, V ${V}.`,
  );
  explain();
  for (const { name, parameters } of networks) say(`\n${gradientTable(name, parameters).join('\n')}`);
  say('');
  text(`${summary(rows)} ${seconds(started)}`);
  return passed;
}

function own(file: string, { json }: CheckFlags): boolean {
  const started = performance.now();
  const { byHand, parameters, report } = failOnExit(() => checkFile(file));
  const passed = report.passed && (parameters?.every(({ ok }) => ok) ?? true);
  if (json) {
    say(JSON.stringify({ file, cell: report.cell, passed, byHand, parameters, laws: report.laws }));
    return passed;
  }
  const ways = byHand ? 'by hand, by autograd and by differences' : 'by autograd and by differences';
  if (parameters !== null) {
    text(`Gradients ${ways}, in float64.`);
    explain();
    say(`\n${gradientTable(report.cell, parameters).join('\n')}\n`);
  }
  for (const line of lawLines(report, WIDTH)) say(line);
  const broken = report.laws.filter((law) => law.broken !== null).length;
  const laws =
    broken === 0
      ? `All ${report.laws.length} laws that apply hold.`
      : `${broken} of ${report.laws.length} laws broken.`;
  say('');
  if (parameters !== null) text(`${summary(parameters)}${byHand ? absent(parameters) : ''}`);
  say(`${laws} ${seconds(started)}`);
  return passed;
}

/** Fails if the file calls `process.exit`, which would look like a check that passed. */
function failOnExit<R>(check: () => R): R {
  const ended = (): void => {
    process.stderr.write('error: the file ended the program before it was checked\n');
    process.exitCode = USAGE_EXIT_CODE;
  };
  process.on('exit', ended);
  try {
    return check();
  } finally {
    process.off('exit', ended);
  }
}

function explain(): void {
  text("Each line: a parameter's largest gradient, then the worst errors relative to it.");
}

function summary(rows: readonly Row[]): string {
  const elements = rows.reduce((sum, row) => sum + row.elements, 0);
  const wrong = rows.filter(({ ok }) => !ok).map(({ name }) => name);
  return wrong.length === 0 ? `All ${elements} gradients agree.` : `Wrong gradients: ${wrong.join(', ')}.`;
}

/** Lists the parameters without a handwritten gradient. */
function absent(rows: readonly Row[]): string {
  const names = rows
    .filter(({ name, byHand }) => byHand === null && name.startsWith('cell'))
    .map(({ name }) => name);
  return names.length === 0 ? '' : ` No gradient by hand: ${names.join(', ')}.`;
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

function text(paragraph: string): void {
  for (const line of wrapLine(paragraph, TEXT_WIDTH)) say(line);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
