/** Wrong programs: the RNN with one mistake each, and what the page must say. */
import { presetOf } from '../../src/presets/index.ts';

export interface WrongProgram {
  readonly title: string;
  readonly code: string;
  /** What the sentence contains. */
  readonly says: RegExp;
  /** The line, from 1, or null if none is known. */
  readonly line: number | null;
}

const { code: RNN } = presetOf('rnn');
const IMPORT = "import { linear, Parameter, type Tensor, zeros } from '@chronograd/tensor';";
const BIAS = '    this.bias = new Parameter(zeros([hiddenSize], options));';
const Z = '    const z = linear(h, this.weightHh, linear(x, this.weightIh, this.bias));';
const NEXT = '    const next = z.tanh();';
const RETURN = '    return { output: next, state: next };';

/** A line of the RNN that is replaced. `at` is how far behind it the mistake is; null: nowhere. */
function wrong(title: string, line: string, by: string, says: RegExp, at: number | null = 0): WrongProgram {
  const index = RNN.split('\n').indexOf(line);
  if (index === -1) throw new Error(`the RNN has no line ${line}`);
  const code = RNN.replace(line, () => by);
  return { title, code, says, line: at === null ? null : index + 1 + at };
}

export const wrongPrograms: readonly WrongProgram[] = [
  wrong('a missing operand', NEXT, '    const next = ;', /SyntaxError: Unexpected token/),
  wrong('an unclosed bracket', NEXT, '    const next = z.tanh(;', /SyntaxError: Unexpected token/),
  wrong(
    'an unknown export',
    IMPORT,
    `${IMPORT}\nimport { tanhh } from '@chronograd/tensor';\ntanhh;`,
    /'@chronograd\/tensor' has no export tanhh/,
    2,
  ),
  wrong(
    'an unknown package',
    IMPORT,
    `${IMPORT}\nimport { sum } from 'lodash';\nsum;`,
    /import 'lodash': expected one of @chronograd\/tensor/,
    1,
  ),
  wrong(
    'a module of the network',
    IMPORT,
    `${IMPORT}\nimport x from 'https://example.org/x.js';\nx;`,
    /import 'https:\/\/example.org\/x.js': expected one of/,
    1,
  ),
  wrong('a misspelled name', NEXT, '    const next = zz.tanh();', /ReferenceError: .*zz/),
  wrong('a misspelled method', NEXT, '    const next = z.tahn();', /TypeError: .*tahn/),
  wrong(
    'a function that ends with a wrong call of the library',
    NEXT,
    '    const add = (a: Tensor): Tensor => a.reshape([7, 9]);\n    const next = add(z.tanh());',
    /reshape/,
  ),
  wrong('an exception in a step', NEXT, `    throw new RangeError('no way');\n${NEXT}`, /RangeError: no way/),
  wrong(
    'an exception in the constructor',
    BIAS,
    `${BIAS}\n    throw new Error('not today');`,
    /Error: not today/,
    1,
  ),
  wrong('a thrown text', NEXT, `    throw 'just a text';\n${NEXT}`, /just a text was thrown/, null),
  wrong(
    'endless recursion',
    NEXT,
    `    const again = (): number => 1 + again();\n    again();\n${NEXT}`,
    /(RangeError|InternalError): /,
  ),
  wrong(
    'an endless loop in a step',
    NEXT,
    `    while (true) {}\n${NEXT}`,
    /no result for \d+ s.*a loop that does not end/,
  ),
  wrong(
    'an endless loop at the start',
    IMPORT,
    `${IMPORT}\nfor (;;) {}`,
    /no result for \d+ s.*a loop that does not end/,
    1,
  ),
  wrong('more memory than there is', Z, `    zeros([131072, 65536], { dtype: 'float64' });\n${Z}`, /memory/i),
  wrong(
    'a text as state',
    RETURN,
    "    return { output: next, state: 'next' } as never;",
    /linear: expected a tensor, got "next"/,
    -2,
  ),
  wrong('no result', RETURN, '', /step: expected { output, state } to be returned, got undefined/, -3),
  wrong(
    'wrong shapes',
    Z,
    '    const z = linear(h, this.weightIh, linear(x, this.weightIh, this.bias));',
    /linear: expected/,
  ),
  wrong('the document', NEXT, `    document.title = 'mine';\n${NEXT}`, /ReferenceError: .*document/),
  wrong('the network', NEXT, `    fetch('/secret');\n${NEXT}`, /fetch: programs of the lab have no network/),
  wrong('storage', NEXT, `    localStorage.clear();\n${NEXT}`, /ReferenceError: .*localStorage/),
  wrong('a rejected promise', NEXT, `    Promise.reject(new Error('later'));\n${NEXT}`, /Error: later/),
  wrong(
    'no exported cell',
    'export class RNN extends Cell<Tensor> {',
    'class RNN extends Cell<Tensor> {',
    /expected an exported class that extends Cell, got no exports/,
    null,
  ),
  wrong(
    'two exported cells',
    IMPORT,
    `${IMPORT}\nexport class Other extends Cell<Tensor> {}`,
    /expected one exported cell, got Other, RNN/,
    null,
  ),
];
