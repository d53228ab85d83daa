/** Names of a step's values: those of the program's variables, or their formulas. */
import type { OneStepEvent, Row, Value } from '../../engine/one-step.ts';
import { formulaOf, gradientName, named } from './formulas.ts';

/** A statement that declares or assigns variables. Lines from 1. */
interface Statement {
  readonly first: number;
  readonly last: number;
  readonly names: readonly string[];
}

/** Longer formulas get a number in place of a name. */
const LONGEST = 24;

/** @returns the name of each value, by id */
export function namesOf({ leaves, rows, values }: OneStepEvent, code: string): string[] {
  const names: string[] = values.map((value) => constantOf(value));
  for (const { name, id } of leaves) names[id] = name;
  const variables = variablesOf(rows, statementsOf(code));
  let count = 0;
  for (const row of rows) {
    const shapes = row.inputs.map((id) => values[id]!.shape);
    const formula = named(formulaOf(row, shapes).forward, lettersOf(row, names));
    for (const id of row.outputs) {
      names[id] = variables.get(id) ?? (formula.length <= LONGEST ? formula : `v${subscript(++count)}`);
    }
  }
  return names;
}

const subscript = (n: number): string => [...String(n)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');

/** The names of the letters of a row's formulas. */
export function lettersOf({ inputs, outputs }: Row, names: readonly string[]): Record<string, string> {
  const [y] = outputs;
  const letters = inputs.map((id, i): [string, string] => ['abcd'[i] ?? '…', names[id]!]);
  return Object.fromEntries([...letters, ['y', names[y!]!], ['g', gradientName(names[y!]!)]]);
}

/** A constant of one element is its number. */
function constantOf({ values }: Value): string {
  return values.length === 1 ? String(Number(values[0]!.toPrecision(4))).replace('-', '−') : 'constant';
}

/**
 * Rows that run one after another in a statement: the last is its variable. The last ones are its
 * variables, if they are parts of a tensor: those of `chunk`.
 */
function variablesOf(rows: readonly Row[], statements: readonly Statement[]): Map<number, string> {
  const variables = new Map<number, string>();
  let start = 0;
  while (start < rows.length) {
    const statement = statementAt(rows[start]!.line, statements);
    let end = start + 1;
    while (end < rows.length && statementAt(rows[end]!.line, statements) === statement) end++;
    const names = statement?.names ?? [];
    const last = rows.slice(Math.max(start, end - names.length), end);
    const fits = names.length === 1 || last.every(({ range }) => range !== null);
    if (fits && last.length === names.length) {
      for (const [i, { outputs }] of last.entries()) {
        if (names[i] !== '') variables.set(outputs[0]!, names[i]!);
      }
    }
    start = end;
  }
  return variables;
}

const statementAt = (line: number | null, statements: readonly Statement[]): Statement | undefined =>
  line === null ? undefined : statements.find(({ first, last }) => line >= first && line <= last);

const DECLARATION = /^\s*(?:(?:const|let|var)\s+)?(?:([A-Za-z_$][\w$]*)|\[([^\]]*)\])\s*(?::[^=]+)?=(?![=>])/;

/** The statements that give names to results of calls, found line by line. */
export function statementsOf(code: string): Statement[] {
  const lines = code.split('\n');
  return lines.flatMap((line, i): Statement[] => {
    const found = line.match(DECLARATION);
    if (found === null || /=>|\bfunction\b/.test(line)) return [];
    let end = i;
    while (end + 1 < lines.length && !/[;{]\s*(\/\/.*)?$/.test(lines[end]!) && lines[end + 1]!.trim() !== '')
      end++;
    const names = found[1] === undefined ? found[2]!.split(',').map((name) => name.trim()) : [found[1]];
    return [{ first: i + 1, last: end + 1, names }];
  });
}
