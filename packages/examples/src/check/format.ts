/** The output of `check`, within the width of a terminal. */
import type { CellLawReport, LawOutcome } from '@chronograd/nn/testing';
import { wrapLine } from '../cli/sanitize-terminal.ts';
import type { Row } from './three-ways.ts';

/** One line per parameter: a gradient computed three ways, and the largest errors. */
export function gradientTable(title: string, rows: readonly Row[]): string[] {
  const hand = rows.some(({ byHand }) => byHand !== null);
  const ofHand = (text: string): string[] => (hand ? [text] : []);
  const header = [title, ...ofHand('by hand'), 'autograd', 'differences', ...ofHand('hand'), 'diff.'];
  const cells = rows.map((row) => [
    `${row.ok ? 'ok   ' : 'WRONG'}  ${row.name}${row.index.length === 0 ? '' : `[${row.index.join(', ')}]`}`,
    ...ofHand(row.byHand === null ? '–' : number(row.byHand)),
    number(row.autograd),
    number(row.differences),
    ...ofHand(row.handError === null ? '–' : error(row.handError)),
    error(row.differenceError),
  ]);
  const widths = header.map((text, k) => Math.max(text.length, ...cells.map((each) => each[k]!.length)));
  return [header, ...cells].map((each) =>
    each.map((cell, k) => (k === 0 ? cell.padEnd(widths[k]!) : cell.padStart(widths[k]!))).join('  '),
  );
}

const number = (x: number): string => (Number.isFinite(x) ? x.toFixed(7) : String(x));
const error = (x: number): string => (Number.isFinite(x) && x !== 0 ? x.toExponential(0) : String(x));

/** One line per law, then details of broken ones. Omits tables wider than `width`. */
export function lawLines({ laws }: CellLawReport, width: number): string[] {
  const list = laws.flatMap(({ name, broken, untried }) => {
    const mark = broken !== null ? 'BROKEN' : untried !== null ? '–' : 'ok';
    return wrapLine(`${mark.padEnd(6)}  ${name}`, width, 8);
  });
  return [...list, ...laws.flatMap((law) => details(law, width))];
}

function details({ name, broken }: LawOutcome, width: number): string[] {
  if (broken === null) return [];
  const { sizes, what, cure, detail } = broken;
  const { steps, batch, inputSize, hiddenSize, seed } = sizes;
  const table = detail?.split('\n').map((line) => `  ${line}`) ?? [];
  const widest = Math.max(0, ...table.map((line) => line.length));
  return [
    '',
    ...wrapLine(`BROKEN: ${name}`, width, 8),
    `  smallest case: T ${steps}, B ${batch}, F ${inputSize}, H ${hiddenSize}, seed ${seed}`,
    ...wrapLine(`  what: ${what}`, width, 4),
    ...wrapLine(`  likely cure: ${cure}`, width, 4),
    ...(widest <= width
      ? table
      : [`  (a wider terminal, or a file, shows a table of ${widest} columns here)`]),
  ];
}
