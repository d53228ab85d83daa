/** The tasks of `seq2seq`, and their texts as indices. */
import { Vocabulary } from '@chronograd/nn/data';
import { type Random, type Tensor, tensor } from '@chronograd/tensor';

/** A text to read, and the text to write. */
export type Pair = readonly [input: string, output: string];

/** What people would use in place of a network. */
export interface Task {
  readonly draw: (random: Random) => Pair;
  readonly baseline: string;
  readonly answer: (input: string) => string;
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

/** A date from 1950 to 2049 in one of eight ways of writing. */
function drawDate(random: Random): Pair {
  const date = new Date(Date.UTC(1950 + random.integer(100), random.integer(12), 1 + random.integer(28)));
  const iso = date.toISOString().slice(0, 10);
  const [year, month, day] = [iso.slice(0, 4), MONTHS[date.getUTCMonth()]!, date.getUTCDate()];
  const ordinal = `${day}${['th', 'st', 'nd', 'rd'][day % 10 < 4 && (day < 10 || day > 20) ? day % 10 : 0]}`;
  const forms = [
    `${month} ${day}, ${year}`,
    `${day} ${month.slice(0, 3)} ${year}`,
    `${DAYS[date.getUTCDay()]}, ${day} ${month} ${year}`,
    `${month.slice(0, 3)} ${ordinal}, ${year}`,
    `the ${ordinal} of ${month} ${year}`,
    `${day}.${date.getUTCMonth() + 1}.${year}`,
    `${year}/${date.getUTCMonth() + 1}/${day}`,
    `${day}-${month.slice(0, 3).toUpperCase()}-${year.slice(2)}`,
  ];
  return [forms[random.integer(forms.length)]!, iso];
}

/** A sum of two numbers of up to two digits. */
function drawSum(random: Random): Pair {
  const [a, b] = [random.integer(100), random.integer(100)];
  return [`${a}+${b}`, String(a + b)];
}

export const TASKS: Record<'dates' | 'addition', Task> = {
  dates: {
    draw: drawDate,
    baseline: 'Date.parse',
    answer: (text) => {
      const parsed = new Date(`${text} UTC`);
      return Number.isNaN(parsed.getTime()) ? '' : parsed.toISOString().slice(0, 10);
    },
  },
  addition: {
    draw: drawSum,
    baseline: 'a + b',
    answer: (text) => String(text.split('+').reduce((a, b) => a + Number(b), 0)),
  },
};
/** Begins an output, ends it, and fills up what is shorter than the others. */
export const [BEGIN, END] = ['>', '$'];

export const vocabulary = new Vocabulary([
  ...`${BEGIN}${END} ,./+-0123456789`,
  ...letters('A'),
  ...letters('a'),
]);
function letters(first: string): string[] {
  return Array.from({ length: 26 }, (_, k) => String.fromCharCode(first.charCodeAt(0) + k));
}

/** Texts as indices [T, B], filled up with ends. */
export function indicesOf(texts: readonly string[], steps: number): Tensor {
  const rows = texts.map((text) => [...vocabulary.encode(text.padEnd(steps, END))]);
  return tensor(rows, { dtype: 'int32' }).transpose();
}
export const textOf = (found: readonly number[]): string =>
  vocabulary.decode(Int32Array.from(found)).split(END)[0]!;
export const [begin, end] = vocabulary.encode(BEGIN + END) as unknown as [number, number];
