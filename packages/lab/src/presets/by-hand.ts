/** Handwritten backwards for the panel "By hand", and mistakes to plant in them. */
import type { ByHandCell } from '../settings/by-hand.ts';
import gru from './by-hand/gru.ts?raw';
import lstm from './by-hand/lstm.ts?raw';
import rnn from './by-hand/rnn.ts?raw';
import scaffold from './by-hand/scaffold.ts?raw';

/** A mistake: a text of the right backward, which occurs once, and what replaces it. */
export interface Mistake {
  readonly title: string;
  readonly right: string;
  readonly wrong: string;
}

/** Without the import of the cell: both are one program. */
const alone = (text: string): string => text.replace(/^import type .* from '\.\..*;\n/m, '');

/** The prepared backwards. That of one's own cell is a scaffold, in which all is wrong. */
export const backwards: Readonly<Record<ByHandCell, string>> = {
  rnn: alone(rnn),
  lstm: alone(lstm),
  gru: alone(gru),
  own: scaffold,
};

const OVERWRITE = 'Overwrite sums: = in place of +=';

export const mistakes: Readonly<Record<ByHandCell, readonly Mistake[]>> = {
  rnn: [
    {
      title: 'Forget the later steps',
      right: 'next.map((g, i) => g + dys[t][b][i])',
      wrong: 'next.map((_, i) => dys[t][b][i])',
    },
    {
      title: 'Forget the transpose',
      right: 'next = transposedTimes(Wh, dz)',
      wrong: 'next = Wh.map((row) => dot(row, dz))',
    },
    { title: '1 − h in place of 1 − h²', right: '(1 - h[t + 1][i] ** 2)', wrong: '(1 - h[t + 1][i])' },
    { title: OVERWRITE, right: 'dWh[i][j] += dz', wrong: 'dWh[i][j] = dz' },
    { title: 'Read the state after the step', right: 'dz[i] * h[t][j]', wrong: 'dz[i] * h[t + 1][j]' },
    { title: 'Begin without dState', right: 'let next = dhT[b];', wrong: 'let next = bias.map(() => 0);' },
  ],
  lstm: [
    { title: 'Forget the next c', right: 'dc = nextC[k] + dh', wrong: 'dc = dh' },
    { title: 'Forget the next h', right: 'dh = nextH[k] + dys', wrong: 'dh = dys' },
    { title: 'Exchange i and f', right: '= [0, 1, 2, 3].map', wrong: '= [1, 0, 2, 3].map' },
    { title: '1 − g in place of 1 − g²', right: '(1 - g ** 2)', wrong: '(1 - g)' },
    { title: OVERWRITE, right: 'dWh[r][j] += dz', wrong: 'dWh[r][j] = dz' },
    { title: 'Forget the slope of tanh(c)', right: 'dh * o * (1 - tanh ** 2);', wrong: 'dh * o;' },
    { title: 'Read c after the step', right: 'dc * c[t][k] * f', wrong: 'dc * c[t + 1][k] * f' },
  ],
  gru: [
    {
      title: 'Forget the later steps',
      right: 'next.map((g, k) => g + dys[t][b][k])',
      wrong: 'next.map((_, k) => dys[t][b][k])',
    },
    { title: 'Forget the direct path z ∘ h', right: '=> g * z[t][k] + back[k]', wrong: '=> back[k]' },
    { title: '1 − n in place of 1 − n²', right: '(1 - n[t][k] ** 2)', wrong: '(1 - n[t][k])' },
    {
      title: 'Forget the reset gate',
      right: 'const dq = [...dr, ...dz, ...dn.map((g, k) => g * r[t][k])]',
      wrong: 'const dq = [...dr, ...dz, ...dn]',
    },
    { title: 'Exchange r and z', right: 'const da = [...dr, ...dz', wrong: 'const da = [...dz, ...dr' },
    { title: 'The wrong sign in z', right: '(h[t][k] - n[t][k])', wrong: '(n[t][k] - h[t][k])' },
    { title: OVERWRITE, right: 'dWh[row][j] += dq', wrong: 'dWh[row][j] = dq' },
  ],
  own: [],
};

/** Whether a mistake is in the text. Null: neither it nor the right text is there. */
export function planted(text: string, { right, wrong }: Mistake): boolean | null {
  if (text.includes(right)) return false;
  return text.includes(wrong) ? true : null;
}

/** The text with a mistake planted, or mended. */
export const toggled = (text: string, mistake: Mistake): string =>
  planted(text, mistake) === true
    ? text.replace(mistake.wrong, mistake.right)
    : text.replace(mistake.right, mistake.wrong);

/** The text without the body of its walk back, for the user to write. The forward remains. */
export const emptied = (text: string): string =>
  text.replace(
    /^( *)(for \(let t = T - 1; t >= 0; t--\) \{\n)[\s\S]*?\n\1\}\n/m,
    '$1$2$1  // Your turn.\n$1}\n',
  );

/** Whether a cell brings its own backward. */
export const hasBackward = (cell: string): boolean => /^export (function|const) backward\b/m.test(cell);

/** The program of a cell and its backward, and the lines before the backward. */
export function joined(cell: string, backward: string): { readonly code: string; readonly lines: number } {
  const first = `${cell.trimEnd()}\n\n`;
  return { code: first + backward, lines: first.split('\n').length - 1 };
}
