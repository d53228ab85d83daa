/** Counting and arithmetic, generated: regularities that a model visibly picks up one after the other. */
import { Dice } from './dice.ts';

const LINES = 12_000;

/** Lines such as `12 13 14 15 16`, `3 6 9 12 15`, `9 8 7 6 5`, `17 + 25 = 42`, `50 - 8 = 42`, `6 * 7 = 42`. Always the same text. */
export function numbers(): string {
  const dice = new Dice(1);
  const lines: string[] = [];
  for (let i = 0; i < LINES; i++) lines.push(dice.pick(KINDS)(dice));
  return `${lines.join('\n')}\n`;
}

type Line = (dice: Dice) => string;

const count: Line = (dice) => series(dice.below(90), 1);
const countDown: Line = (dice) => series(10 + dice.below(90), -1);
const countBySteps: Line = (dice) => {
  const step = 2 + dice.below(9);
  return series(step * dice.below(6), step);
};
const add: Line = (dice) => equation(dice.below(50), '+', dice.below(50));
const subtract: Line = (dice) => {
  const from = dice.below(100);
  return equation(from, '-', dice.below(from + 1));
};
const multiply: Line = (dice) => equation(dice.below(10), '*', dice.below(10));

const KINDS: readonly [Line, ...Line[]] = [count, countDown, countBySteps, add, subtract, multiply];

function series(from: number, step: number): string {
  return Array.from({ length: 5 }, (_, i) => from + i * step).join(' ');
}

function equation(a: number, sign: '+' | '-' | '*', b: number): string {
  const result = sign === '+' ? a + b : sign === '-' ? a - b : a * b;
  return `${a} ${sign} ${b} = ${result}`;
}
