import { expect, test } from 'vitest';
import { type OneStepEvent, oneStep, type Row } from '../src/engine/one-step.ts';
import { compile } from '../src/engine/program.ts';
import { formulaOf, named, tokensOf } from '../src/panels/one-step/formulas.ts';
import { lettersOf, namesOf, statementsOf } from '../src/panels/one-step/names.ts';
import { presetOf, presets } from '../src/presets/index.ts';
import { oneStepDefaults } from '../src/settings/one-step.ts';

const eventsOf = (code: string): OneStepEvent[] => [
  ...(oneStep([compile(code)], oneStepDefaults) as Iterable<OneStepEvent>),
];

const formulaIn = ({ values }: OneStepEvent, row: Row) =>
  formulaOf(
    row,
    row.inputs.map((id) => values[id]!.shape),
  );

/** The equations of a step, as they are shown. */
function equations(code: string): string[] {
  const event = eventsOf(code)[0]!;
  const names = namesOf(event, code);
  return event.rows.map((row) => {
    const right = named(formulaIn(event, row).forward, lettersOf(row, names));
    const left = names[row.outputs[0]!]!;
    return left === right ? right : `${left} = ${right}`;
  });
}

test('values have the names of the program, others their formulas', () => {
  expect(equations(presetOf('gru').code)).toEqual([
    'weightIh·x + biasIh',
    'rx = (weightIh·x + biasIh)[0…1]',
    'zx = (weightIh·x + biasIh)[2…3]',
    'nx = (weightIh·x + biasIh)[4…5]',
    'weightHh·h + biasHh',
    'rh = (weightHh·h + biasHh)[0…1]',
    'zh = (weightHh·h + biasHh)[2…3]',
    'nh = (weightHh·h + biasHh)[4…5]',
    'rx + rh',
    'r = σ(rx + rh)',
    'zx + zh',
    'z = σ(zx + zh)',
    'r ⊙ nh',
    'nx + r ⊙ nh',
    'n = tanh(nx + r ⊙ nh)',
    'h − n',
    'z ⊙ (h − n)',
    'next = n + z ⊙ (h − n)',
  ]);
  expect(equations(presetOf('fast-grnn').code).slice(0, 10)).toEqual([
    'input.weightᵀ',
    'input.weight·x',
    'sum = hidden.weight·h + input.weight·x',
    'bz = bias[0, …]',
    'bn = bias[1, …]',
    'σ(zetaNu)',
    'zeta = σ(zetaNu)[0]',
    'nu = σ(zetaNu)[1]',
    'sum + bz',
    'σ(sum + bz)',
  ]);
});

test('a custom gradient is not shown with the formula of a primitive of its name', () => {
  const { code } = presetOf('relu-slope');
  const event = eventsOf(code)[0]!;
  const row = event.rows.find(({ custom }) => custom === 'relu')!;
  expect(formulaIn(event, row)).toEqual({ forward: 'relu(a)', backward: ['its own backward of g'] });
});

test('names in formulas are in brackets exactly where they must be', () => {
  const a = 'p + q';
  expect(named('a ⊙ b', { a, b: 'r ⊙ s' })).toBe('(p + q) ⊙ r ⊙ s');
  expect(named('a − b', { a, b: a })).toBe('p + q − (p + q)');
  expect(named('a ÷ b', { a: 'r ⊙ s', b: 'r ⊙ s' })).toBe('r ⊙ s ÷ (r ⊙ s)');
  expect(named('g·aᵀ', { g: '∂y', a: 'wᵀ' })).toBe('∂y·w');
  expect(named('1 − y²', { y: a })).toBe('1 − (p + q)²');
  expect(named('tanh(a)', { a })).toBe('tanh(p + q)');
  expect(named('a − b', { a, b: '−2' })).toBe('p + q − (−2)');
});

test('declarations and assignments are found, functions are not', () => {
  const code = `const z = one(
  two(x),
);
const [a, b] = z.chunk(2, -1);
const square = (x: Tensor) => x.mul(x);
let h: Tensor = x.neg();
h = h.add(1);
if (h == x) return h;`;
  expect(statementsOf(code)).toEqual([
    { first: 1, last: 3, names: ['z'] },
    { first: 4, last: 4, names: ['a', 'b'] },
    { first: 6, last: 6, names: ['h'] },
    { first: 7, last: 7, names: ['h'] },
  ]);
});

const FUNCTIONS = {
  σ: (a: number): number => 1 / (1 + Math.exp(-a)),
  relu: (a: number): number => Math.max(0, a),
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
};

/** The value of an elementwise formula at one element. */
function evaluated(formula: string, numbers: Readonly<Record<string, number>>): number {
  const text = tokensOf(formula)
    .map((token) => (typeof token === 'string' ? token : `(${numbers[token.letter]!})${token.mark}`))
    .join('')
    .replaceAll('√', 'sqrt')
    .replaceAll('⊙', '*')
    .replaceAll('÷', '/')
    .replaceAll('²', '**2')
    .replaceAll('−', '-');
  const names = Object.keys(FUNCTIONS);
  return new Function(...names, `return ${text}`)(...Object.values(FUNCTIONS)) as number;
}

const ELEMENTWISE = ['neg', 'sqrt', 'exp', 'log', 'tanh', 'sigmoid', 'relu', 'add', 'sub', 'mul', 'div'];

test('the numbers of elementwise operations are those of the formulas beside them', () => {
  const seen = new Set<string>();
  const far: string[] = [];
  for (const { id, code } of presets) {
    for (const event of eventsOf(code)) {
      for (const row of event.rows.filter(({ op }) => ELEMENTWISE.includes(op))) {
        const { forward, backward } = formulaIn(event, row);
        const { values, gradient, shape } = event.values[row.outputs[0]!]!;
        const inputs = row.inputs.map((input) => event.values[input]!);
        if (inputs.some((input) => input.values.length !== values.length) || gradient === null) continue;
        for (const i of values.keys()) {
          const at = {
            a: inputs[0]!.values[i]!,
            b: inputs[1]?.values[i] ?? 0,
            y: values[i]!,
            g: gradient[i]!,
          };
          const check = (formula: string, wanted: number): void => {
            seen.add(`${row.op} ${formula}`);
            if (Math.abs(evaluated(formula, at) - wanted) > 1e-12)
              far.push(`${id}: ${row.op} ${formula} ${shape}`);
          };
          check(forward, values[i]!);
          for (const [k, part] of row.parts.entries()) if (part !== null) check(backward[k]!, part[i]!);
        }
      }
    }
  }
  expect(far).toEqual([]);
  expect(seen).toContain('tanh g ⊙ (1 − y²)');
  expect(seen).toContain('sigmoid g ⊙ y ⊙ (1 − y)');
  expect(seen).toContain('mul g ⊙ b');
  expect(seen.size).toBeGreaterThan(12);
});
