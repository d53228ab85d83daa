/**
 * Formulas of the primitives as text: `a`, `b`, `c` are the inputs, `y` is the output and `g` its
 * gradient. A batch of one is shown as a column, so x·Wᵀ of the program is W·x here.
 */
import type { Row } from '../../engine/one-step.ts';

export interface Formula {
  /** y, from the inputs. */
  readonly forward: string;
  /** What each input is sent. Null: nothing. */
  readonly backward: readonly (string | null)[];
}

const unary = (forward: string, backward: string): Formula => ({ forward, backward: [backward] });
const binary = (forward: string, ...backward: readonly [string, string]): Formula => ({ forward, backward });

const FORMULAS: Readonly<Record<string, Formula>> = {
  neg: unary('−a', '−g'),
  abs: unary('|a|', 'g ⊙ sign(a)'),
  sqrt: unary('√a', 'g ÷ (2 ⊙ y)'),
  exp: unary('exp(a)', 'g ⊙ y'),
  expm1: unary('exp(a) − 1', 'g ⊙ (y + 1)'),
  log: unary('log(a)', 'g ÷ a'),
  log1p: unary('log(1 + a)', 'g ÷ (1 + a)'),
  tanh: unary('tanh(a)', 'g ⊙ (1 − y²)'),
  sigmoid: unary('σ(a)', 'g ⊙ y ⊙ (1 − y)'),
  sin: unary('sin(a)', 'g ⊙ cos(a)'),
  cos: unary('cos(a)', '−g ⊙ sin(a)'),
  relu: unary('relu(a)', 'g ⊙ (a > 0)'),
  add: binary('a + b', 'g', 'g'),
  sub: binary('a − b', 'g', '−g'),
  mul: binary('a ⊙ b', 'g ⊙ b', 'g ⊙ a'),
  div: binary('a ÷ b', 'g ÷ b', '−g ⊙ y ÷ b'),
  pow: binary('a ^ b', 'g ⊙ b ⊙ a ^ (b − 1)', 'g ⊙ y ⊙ log(a)'),
  maximum: binary('max(a, b)', 'g ⊙ (a > b)', 'g ⊙ (b > a)'),
  minimum: binary('min(a, b)', 'g ⊙ (a < b)', 'g ⊙ (b < a)'),
  where: { forward: 'a ? b : c', backward: [null, 'a ? g : 0', 'a ? 0 : g'] },
  linear: { forward: 'b·a + c', backward: ['bᵀ·g', 'g·aᵀ', 'g'] },
  sum: unary('Σ a', 'g'),
  alias: unary('a', 'g'),
  reshape: unary('a', 'g'),
  expand: unary('a', 'g'),
  permute: unary('aᵀ', 'gᵀ'),
};

/** Products of matrices, and of a row, which is shown as a column. */
const PRODUCTS = {
  row: binary('bᵀ·a', 'b·g', 'a·gᵀ'),
  matrices: binary('a·b', 'g·bᵀ', 'aᵀ·g'),
};

/** @param shapes of the inputs */
export function formulaOf(
  { op, custom, inputs, range }: Row,
  shapes: readonly (readonly number[])[],
): Formula {
  if (op === 'matmul') return isColumn(shapes[0]!) ? PRODUCTS.row : PRODUCTS.matrices;
  if (range !== null) {
    const { last, first, count } = range;
    const part = `${count === 1 ? first : `${first}…${first + count - 1}`}${last ? '' : ', …'}`;
    return unary(`a[${part}]`, `g in [${part}], else 0`);
  }
  const known = FORMULAS[op];
  if (known !== undefined) return known;
  const letters = ['a', 'b', 'c', 'd'].slice(0, inputs.length);
  const back = custom === null ? `the rule of ${op} for g` : 'its own backward of g';
  return { forward: `${custom ?? op}(${letters.join(', ')})`, backward: inputs.map(() => back) };
}

/** Whether a tensor is shown as a column. */
export const isColumn = (shape: readonly number[]): boolean =>
  shape.length < 2 || shape.slice(0, -1).every((size) => size === 1);

/** A formula's parts: a letter of the formula, perhaps with ᵀ or ², or other text. */
export type Token = { readonly letter: string; readonly mark: string } | string;

const LETTER = /(?<![\p{Ll}\p{Lu}])([abcdgy])(?![\p{Ll}\p{Lu}(′])([ᵀ²]?)/u;

export function tokensOf(formula: string): Token[] {
  const parts = formula.split(LETTER);
  const tokens: Token[] = [];
  for (let i = 0; i < parts.length; i += 3) {
    if (parts[i] !== '') tokens.push(parts[i]!);
    if (parts[i + 1] !== undefined) tokens.push({ letter: parts[i + 1]!, mark: parts[i + 2]! });
  }
  return tokens;
}

/** The formula with names, which may be formulas themselves, in place of its letters. */
export function named(formula: string, names: Readonly<Record<string, string>>): string {
  const tokens = tokensOf(formula);
  return tokens
    .map((token, i) => {
      if (typeof token === 'string') return token;
      const name = names[token.letter] ?? token.letter;
      if (token.mark === 'ᵀ' && name.endsWith('ᵀ')) return name.slice(0, -1);
      const [before, after] = [tokens[i - 1] ?? '', token.mark || (tokens[i + 1] ?? '')];
      const binds = Math.max(bindingOf(String(before).trim().at(-1)), bindingOf(String(after).trim()[0]));
      // What is subtracted or divided by is in brackets, if it is a sum or a product itself.
      const strict = /[−÷] ?$/.test(String(before)) ? 1 : 0;
      return strengthOf(name) < binds + strict ? `(${name})${token.mark}` : `${name}${token.mark}`;
    })
    .join('');
}

/** How strongly a neighbouring character binds a name. */
function bindingOf(character: string | undefined): number {
  if (character === undefined) return 0;
  if ('+−'.includes(character)) return 1;
  if ('⊙÷·'.includes(character)) return 2;
  return 'ᵀ²[√Σ∂^'.includes(character) ? 3 : 0;
}

/** How strongly a name holds together: 1 a sum, 2 a product, 3 anything else. */
function strengthOf(name: string): number {
  let [depth, strength] = [0, 3];
  for (const [i, character] of [...name].entries()) {
    if ('(['.includes(character)) depth++;
    else if (')]'.includes(character)) depth--;
    else if (depth === 0 && '+−'.includes(character)) strength = Math.min(strength, i === 0 ? 1.5 : 1);
    else if (depth === 0 && '⊙÷·Σ'.includes(character)) strength = Math.min(strength, 2);
  }
  return strength;
}

/** ∂L/∂name, in short. */
export const gradientName = (name: string): string => named('∂a', { a: name });
