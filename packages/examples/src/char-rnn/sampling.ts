/** Generates text with a model. */
import { type Random, scope, type Tensor, tensor } from '@chronograd/tensor';
import { type CharModel, evaluating } from './char-model.ts';

/** Where a text continues: the state for one stream, and the next character to read. */
export interface SamplingStart {
  readonly state: unknown;
  readonly character: number;
}

/**
 * How a character is chosen. The temperature is applied first, then `topK`, then `topP`, as in
 * Hugging Face's `generate`.
 */
export interface Choice {
  /** Divides the logits. Below 1 the distribution is sharper, above 1 more uniform. 0: greedy. */
  readonly temperature: number;
  /** Only this number of the likeliest characters. Of equal ones the first. Default: null, all. */
  readonly topK?: number | null;
  /** Only the fewest likeliest characters whose probabilities sum to this. Default: 1, all. */
  readonly topP?: number;
}

export interface SamplingOptions extends Choice {
  /** The number of characters. */
  readonly length: number;
  readonly random: Random;
}

/** Chooses each next character, and feeds it back. Nothing is dropped. */
export function* sampleCharacters(
  model: CharModel,
  start: SamplingStart,
  options: SamplingOptions,
): Generator<number, void, void> {
  let { state, character } = start;
  const { temperature, length } = options;
  for (let i = 0; i < length; i++) {
    const next = scope(() => {
      const read = evaluating(model, () => model.forward(oneCharacter(character), state));
      const { logits } = read;
      const probabilities = temperature === 0 ? logits : logits.div(temperature).softmax();
      return { state: read.state, logits, probabilities };
    });
    state = next.state;
    character = choose(next.logits.toTypedArray(), next.probabilities.toTypedArray(), options);
    yield character;
  }
}

/** Reads a text from the zero state, except its last character. */
export function startAfter(model: CharModel, characters: Int32Array): SamplingStart {
  let state = model.initialState(1);
  for (const character of characters.subarray(0, -1)) {
    state = scope(() => evaluating(model, () => model.forward(oneCharacter(character), state).state));
  }
  return { state, character: characters.at(-1) ?? 0 };
}

function oneCharacter(character: number): Tensor {
  return tensor(Int32Array.of(character), { shape: [1, 1] });
}

/** @param probabilities at the temperature; unused if that is 0 */
function choose(
  logits: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { temperature, topK = null, topP = 1, random }: SamplingOptions,
): number {
  if (temperature === 0) return likeliest(logits, 1)[0] as number;
  const all = topK === null && topP >= 1;
  const candidates = all ? null : likeliest(logits, topK ?? logits.length);
  return candidates === null
    ? draw(
        probabilities,
        Array.from(probabilities, (_, i) => i),
        1,
        random,
      )
    : drawFrom(probabilities, candidates, topP, random);
}

/** The characters with the highest logits, in descending order; of equal ones the first. */
function likeliest(logits: ArrayLike<number>, count: number): number[] {
  const order = Array.from(logits, (_, i) => i);
  order.sort((a, b) => (logits[b] as number) - (logits[a] as number) || a - b);
  return order.slice(0, count);
}

/** Draws from the fewest of these candidates that have the share `topP` of their probability. */
function drawFrom(
  probabilities: ArrayLike<number>,
  candidates: readonly number[],
  topP: number,
  random: Random,
): number {
  const of = (i: number): number => probabilities[candidates[i] as number] as number;
  const total = candidates.reduce((sum, _, i) => sum + of(i), 0);
  let count = candidates.length;
  let sum = total;
  if (topP < 1)
    for (count = 0, sum = 0; count < candidates.length && sum < topP * total; ) sum += of(count++);
  // In the order of the vocabulary, as without a limit.
  const kept = candidates.slice(0, Math.max(1, count)).sort((a, b) => a - b);
  return draw(probabilities, kept, sum, random);
}

/** Draws one of the candidates, whose probabilities sum to `total` up to rounding. */
function draw(
  probabilities: ArrayLike<number>,
  candidates: readonly number[],
  total: number,
  random: Random,
): number {
  let left = random.uniform() * total;
  let last = candidates[0] as number;
  for (const candidate of candidates) {
    const probability = probabilities[candidate] as number;
    if (probability === 0) continue;
    last = candidate;
    left -= probability;
    if (left < 0) break;
  }
  return last;
}
