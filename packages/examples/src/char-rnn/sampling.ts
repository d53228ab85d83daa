/** Generates text with a model. */
import { type LiveStream, stream } from '@chronograd/nn';
import { concat, type Random, type Tensor, type TypedArray } from '@chronograd/tensor';
import type { CharModel } from './char-model.ts';

/** What sampling needs of a model. */
export type SampledModel = Pick<CharModel, 'initialState' | 'forward'>;

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
  model: SampledModel,
  start: SamplingStart,
  options: SamplingOptions,
): Generator<number, void, void> {
  const { temperature, length } = options;
  using live = streamOf(model, (logits) =>
    concat([logits, temperature === 0 ? logits : logits.div(temperature).softmax()], -1),
  );
  live.state = start.state;
  let { character } = start;
  let read: TypedArray | null = null;
  for (let i = 0; i < length; i++) {
    const x = Int32Array.of(character);
    // The first output has the dtype and the size of all.
    read = read === null ? live.push(x).toTypedArray() : live.pushInto(x, read);
    const V = read.length / 2;
    character = choose(read.subarray(0, V), read.subarray(V), options);
    yield character;
  }
}

/** Reads a text from the zero state, except its last character. */
export function startAfter(model: SampledModel, characters: Int32Array): SamplingStart {
  using live = streamOf(model, (logits) => logits);
  for (let i = 0; i < characters.length - 1; i++) live.push(characters.subarray(i, i + 1));
  return { state: live.state, character: characters.at(-1) ?? 0 };
}

function streamOf(model: SampledModel, head: (logits: Tensor) => Tensor): LiveStream<unknown> {
  const initialState = (batch: number): unknown => model.initialState(batch);
  const forward = (x: Tensor, before: unknown): { outputs: Tensor; state: unknown } => {
    const { logits, state } = model.forward(x, before);
    return { outputs: logits, state };
  };
  return stream({ initialState, forward }, { head });
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
