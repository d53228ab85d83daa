/** Which earlier characters a prediction depends on: ‖∂logits_t/∂x_s‖, for one or two cells. */
import { connectivity as norms } from '@chronograd/nn/probe';
import { scope, tensor } from '@chronograd/tensor';
import type { ReadingSettings } from '../settings/reading.ts';
import type { Job } from './job.ts';
import { type ProgressEvent, passageOf, readerOf, type WithText } from './reader.ts';

/** A cell that has read the passage. */
export interface ConnectivityEvent {
  readonly type: 'connectivity';
  readonly program: number;
  readonly name: string;
  readonly characters: readonly string[];
  /** Row t: how much the prediction after character t depends on each character s ≤ t. */
  readonly rows: readonly (readonly number[])[];
  /** The likeliest next character after each step, and its probability. */
  readonly predictions: readonly { readonly character: string; readonly probability: number }[];
}

const LENGTH = 80;

export const connectivity: Job<
  WithText<ReadingSettings>,
  ProgressEvent | ConnectivityEvent
> = async function* (programs, settings) {
  for (const [index, program] of programs.slice(0, 2).entries()) {
    const reader = yield* readerOf(program, index, settings);
    const { model, vocabulary } = reader;
    const passage = passageOf(reader, settings.start, LENGTH);
    const x = tensor(passage, { shape: [LENGTH, 1] });
    const all = scope(() =>
      norms(model.recurrent, x, { read: (h) => model.decoder.forward(h) }).toTypedArray(),
    );
    const probabilities = scope(() => model.forward(x).logits.softmax().toArray()) as number[][][];
    yield {
      type: 'connectivity',
      program: index,
      name: program.name,
      characters: Array.from(passage, (index) => vocabulary.decode(Int32Array.of(index))),
      rows: Array.from({ length: LENGTH }, (_, t) => [...all.subarray(t * LENGTH, t * LENGTH + t + 1)]),
      predictions: probabilities.map(([row]) => {
        const likeliest = row!.indexOf(Math.max(...row!));
        return { character: vocabulary.decode(Int32Array.of(likeliest)), probability: row![likeliest]! };
      }),
    };
  }
};
