/** Letting a model write. */
import { type Random, scope, type Tensor, tensor } from '@chronograd/tensor';
import type { CharModel } from './char-model.ts';

/** Where a text goes on: the cell's state before a character, for one stream, and that character, still to be read. */
export interface SamplingStart {
  readonly state: unknown;
  readonly character: number;
}

export interface SamplingOptions {
  /** How many characters. */
  readonly length: number;
  /** What logits are divided by: below 1 the likely becomes likelier, above 1 the choice is more even. */
  readonly temperature: number;
  readonly random: Random;
}

/** The characters that follow, one by one, each drawn from softmax(logits / temperature) and read in its turn. */
export function* sampleCharacters(
  model: CharModel,
  start: SamplingStart,
  { length, temperature, random }: SamplingOptions,
): Generator<number, void, void> {
  let { state, character } = start;
  for (let i = 0; i < length; i++) {
    const next = scope(() => {
      const read = model.forward(oneCharacter(character), state);
      return { state: read.state, chances: read.logits.div(temperature).softmax() };
    });
    state = next.state;
    character = draw(next.chances.toTypedArray(), random);
    yield character;
  }
}

/** What is left to do after a text: all its characters read from a state of zeros, but the last. */
export function startAfter(model: CharModel, characters: Int32Array): SamplingStart {
  let state = model.recurrent.initialState(1);
  for (const character of characters.subarray(0, -1)) {
    state = scope(() => model.forward(oneCharacter(character), state).state);
  }
  return { state, character: characters.at(-1) ?? 0 };
}

function oneCharacter(character: number): Tensor {
  return tensor(Int32Array.of(character), { shape: [1, 1] });
}

/** An index drawn with the given chances, whose sum is 1 up to rounding. */
function draw(chances: ArrayLike<number>, random: Random): number {
  let left = random.uniform();
  let last = 0;
  for (let i = 0; i < chances.length; i++) {
    const chance = chances[i] as number;
    if (chance === 0) continue;
    last = i;
    left -= chance;
    if (left < 0) break;
  }
  return last;
}
