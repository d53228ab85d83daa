/** What the units of a cell do while it reads: its gates and states at each character. */
import { recordTaps } from '@chronograd/nn/probe';
import { scope, tensor } from '@chronograd/tensor';
import type { InsideSettings } from '../settings/reading.ts';
import type { Job } from './job.ts';
import { type ProgressEvent, passageOf, readerOf, type WithText } from './reader.ts';

/** A cell that has read the passage. */
export interface InsideEvent {
  readonly type: 'inside';
  readonly name: string;
  readonly characters: readonly string[];
  /** Gates and states by name: for each unit its values over time. */
  readonly taps: Readonly<Record<string, readonly (readonly number[])[]>>;
}

const LENGTH = 160;
const PREFIX = 'recurrent.cell.';

export const inside: Job<WithText<InsideSettings>, ProgressEvent | InsideEvent> = async function* (
  [program],
  settings,
) {
  const reader = yield* readerOf(program!, 0, settings);
  const { model, vocabulary } = reader;
  const passage = passageOf(reader, settings.start, LENGTH);
  const x = tensor(passage, { shape: [LENGTH, 1] });
  const taps = scope(() => {
    const recorded = recordTaps(model, () => model.forward(x)).taps;
    const entries = Object.entries(recorded).map(([name, values]) => {
      const [steps, , units] = values.reshape([LENGTH, 1, -1]).shape as [number, number, number];
      const flat = values.toTypedArray();
      const over = (unit: number): number[] =>
        Array.from({ length: steps }, (_, t) => flat[t * units + unit]!);
      return [name.replace(PREFIX, ''), Array.from({ length: units }, (_, unit) => over(unit))];
    });
    return Object.fromEntries(entries) as InsideEvent['taps'];
  });
  const characters = Array.from(passage, (index) => vocabulary.decode(Int32Array.of(index)));
  yield { type: 'inside', name: program!.name, characters, taps };
};
