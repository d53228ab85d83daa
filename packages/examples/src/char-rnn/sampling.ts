/** Generates text with a model. */
import { type Random, scope, type Tensor, tensor } from '@chronograd/tensor';
import type { CharModel } from './char-model.ts';

/** Where a text continues: the cell's state for one stream, and the next character to read. */
export interface SamplingStart {
  readonly state: unknown;
  readonly character: number;
}

export interface SamplingOptions {
  /** The number of characters. */
  readonly length: number;
  /** Divides the logits. Below 1 the distribution is sharper, above 1 more uniform. */
  readonly temperature: number;
  readonly random: Random;
}

/** Draws each next character from softmax(logits / temperature) and feeds it back. */
export function* sampleCharacters(
  model: CharModel,
  start: SamplingStart,
  { length, temperature, random }: SamplingOptions,
): Generator<number, void, void> {
  let { state, character } = start;
  for (let i = 0; i < length; i++) {
    const next = scope(() => {
      const read = model.forward(oneCharacter(character), state);
      return { state: read.state, probabilities: read.logits.div(temperature).softmax() };
    });
    state = next.state;
    character = draw(next.probabilities.toTypedArray(), random);
    yield character;
  }
}

/** Reads a text from the zero state, except its last character. */
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

/** Draws an index from probabilities, whose sum is 1 up to rounding. */
function draw(probabilities: ArrayLike<number>, random: Random): number {
  let left = random.uniform();
  let last = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const probability = probabilities[i] as number;
    if (probability === 0) continue;
    last = i;
    left -= probability;
    if (left < 0) break;
  }
  return last;
}
