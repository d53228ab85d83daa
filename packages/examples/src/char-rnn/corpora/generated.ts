/** Generated texts. They stay the same forever. */

/**
 * Random numbers by xorshift (Marsaglia, 2003; shifts 13, 17, 5). The random numbers of the library
 * may change; a corpus must not.
 */
export class Rng {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  /** A whole number in [0, limit). */
  integer(limit: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return Math.floor(((x >>> 0) / 2 ** 32) * limit);
  }

  /** One of the choices, uniformly. */
  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.integer(choices.length)] ?? choices[0];
  }
}

const LINES = 12_000;

/**
 * Counting and arithmetic, which a model learns one regularity after the other: `12 13 14 15 16`,
 * `3 6 9 12 15`, `9 8 7 6 5`, `17 + 25 = 42`, `50 - 8 = 42`, `6 * 7 = 42`.
 */
export function numbers(): string {
  const rng = new Rng(1);
  const lines: string[] = [];
  for (let i = 0; i < LINES; i++) lines.push(rng.pick(KINDS)(rng));
  return `${lines.join('\n')}\n`;
}

type Line = (rng: Rng) => string;

const count: Line = (rng) => series(rng.integer(90), 1);
const countDown: Line = (rng) => series(10 + rng.integer(90), -1);
const countBySteps: Line = (rng) => {
  const step = 2 + rng.integer(9);
  return series(step * rng.integer(6), step);
};
const add: Line = (rng) => equation(rng.integer(50), '+', rng.integer(50));
const subtract: Line = (rng) => {
  const from = rng.integer(100);
  return equation(from, '-', rng.integer(from + 1));
};
const multiply: Line = (rng) => equation(rng.integer(10), '*', rng.integer(10));

const KINDS: readonly [Line, ...Line[]] = [count, countDown, countBySteps, add, subtract, multiply];

function series(from: number, step: number): string {
  return Array.from({ length: 5 }, (_, i) => from + i * step).join(' ');
}

function equation(a: number, sign: '+' | '-' | '*', b: number): string {
  const result = sign === '+' ? a + b : sign === '-' ? a - b : a * b;
  return `${a} ${sign} ${b} = ${result}`;
}

const SENTENCES = 8_000;

/**
 * Sentences of a grammar that a small network can learn completely, one per line:
 * `the old sailor saw a small whale near the ship.`
 */
export function simple(): string {
  const rng = new Rng(2);
  const lines: string[] = [];
  for (let i = 0; i < SENTENCES; i++) lines.push(sentence(rng));
  return `${lines.join('\n')}\n`;
}

type Words = readonly [string, ...string[]];

const ADJECTIVES: Words = ['old', 'small', 'white', 'quiet', 'angry', 'happy', 'green', 'tired'];
const PEOPLE: Words = ['sailor', 'captain', 'teacher', 'child', 'woman', 'man', 'farmer', 'king'];
const ANIMALS: Words = ['whale', 'dog', 'cat', 'bird', 'horse', 'fish', 'fox', 'hen'];
const PLACES: Words = ['ship', 'house', 'river', 'field', 'tree', 'hill', 'road', 'sea'];
const TRANSITIVE: Words = ['saw', 'followed', 'called', 'fed', 'found', 'lost', 'heard', 'liked'];
const INTRANSITIVE: Words = ['slept', 'sang', 'waited', 'ran', 'laughed', 'stood', 'danced', 'fell'];
const PREPOSITIONS: Words = ['near', 'behind', 'by', 'under', 'beyond'];
const ARTICLES: Words = ['the', 'a'];

function sentence(rng: Rng): string {
  const joined = rng.integer(5) === 0 ? `${clause(rng)} and ${clause(rng)}` : clause(rng);
  return `${joined}.`;
}

function clause(rng: Rng): string {
  const subject = nounPhrase(rng, rng.pick([PEOPLE, ANIMALS]));
  const action =
    rng.integer(2) === 0
      ? rng.pick(INTRANSITIVE)
      : `${rng.pick(TRANSITIVE)} ${nounPhrase(rng, rng.pick([PEOPLE, ANIMALS]))}`;
  const where = rng.integer(2) === 0 ? '' : ` ${rng.pick(PREPOSITIONS)} the ${rng.pick(PLACES)}`;
  return `${subject} ${action}${where}`;
}

function nounPhrase(rng: Rng, nouns: Words): string {
  const described = rng.integer(3) === 0 ? `${rng.pick(ADJECTIVES)} ${rng.pick(nouns)}` : rng.pick(nouns);
  const article = rng.pick(ARTICLES);
  return `${article === 'a' && /^[aeiou]/.test(described) ? 'an' : article} ${described}`;
}
