/** Sentences of a small grammar, generated: a text whose rules a small network can learn whole. */
import { Dice } from './dice.ts';

const SENTENCES = 8_000;

/** One sentence a line, such as `the old sailor saw a small whale near the ship.` Always the same text. */
export function simple(): string {
  const dice = new Dice(2);
  const lines: string[] = [];
  for (let i = 0; i < SENTENCES; i++) lines.push(sentence(dice));
  return `${lines.join('\n')}\n`;
}

type Words = readonly [string, ...string[]];

const ADJECTIVES: Words = ['old', 'small', 'white', 'quiet', 'angry', 'happy', 'green', 'tired'];
const PEOPLE: Words = ['sailor', 'captain', 'teacher', 'child', 'woman', 'man', 'farmer', 'king'];
const ANIMALS: Words = ['whale', 'dog', 'cat', 'bird', 'horse', 'fish', 'fox', 'hen'];
const PLACES: Words = ['ship', 'house', 'river', 'field', 'tree', 'hill', 'road', 'sea'];
/** What one does to another, and what one does alone. */
const TRANSITIVE: Words = ['saw', 'followed', 'called', 'fed', 'found', 'lost', 'heard', 'liked'];
const INTRANSITIVE: Words = ['slept', 'sang', 'waited', 'ran', 'laughed', 'stood', 'danced', 'fell'];
const PREPOSITIONS: Words = ['near', 'behind', 'by', 'under', 'beyond'];
const ARTICLES: Words = ['the', 'a'];

function sentence(dice: Dice): string {
  const joined = dice.below(5) === 0 ? `${clause(dice)} and ${clause(dice)}` : clause(dice);
  return `${joined}.`;
}

function clause(dice: Dice): string {
  const subject = nounPhrase(dice, dice.pick([PEOPLE, ANIMALS]));
  const action =
    dice.below(2) === 0
      ? dice.pick(INTRANSITIVE)
      : `${dice.pick(TRANSITIVE)} ${nounPhrase(dice, dice.pick([PEOPLE, ANIMALS]))}`;
  const where = dice.below(2) === 0 ? '' : ` ${dice.pick(PREPOSITIONS)} the ${dice.pick(PLACES)}`;
  return `${subject} ${action}${where}`;
}

function nounPhrase(dice: Dice, nouns: Words): string {
  const described = dice.below(3) === 0 ? `${dice.pick(ADJECTIVES)} ${dice.pick(nouns)}` : dice.pick(nouns);
  const article = dice.pick(ARTICLES);
  return `${article === 'a' && /^[aeiou]/.test(described) ? 'an' : article} ${described}`;
}
