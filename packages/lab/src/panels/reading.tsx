/** What the panels that look at a reading cell share: the text and its settings. */
import { signal } from '@preact/signals';
import type { ProgressEvent } from '../engine/reader.ts';
import type { ReadingSettings } from '../settings/reading.ts';
import { state } from '../shell/store.ts';
import { builtInText } from '../shell/texts.ts';
import { Slider } from '../ui/Slider.tsx';

const builtIn = signal<string | null>(null);

/** The text of the panel "Train", or the built-in one. Null until it is loaded. */
export function text(): string | null {
  const { task, data } = state.value.train;
  if (task === 'text' && data !== '') return data;
  if (builtIn.value === null)
    void builtInText().then((loaded) => {
      builtIn.value = loaded;
    });
  return builtIn.value;
}

interface ReadingControlsProps {
  readonly settings: ReadingSettings;
  readonly set: (fields: Partial<ReadingSettings>) => void;
}

export function ReadingControls({ settings, set }: ReadingControlsProps) {
  return (
    <div class="sliders">
      <Slider
        label="Updates of training"
        min={0}
        max={2000}
        step={100}
        value={settings.updates}
        onInput={(updates) => set({ updates })}
      />
      <Slider
        label="Hidden units H"
        min={8}
        max={96}
        step={8}
        value={settings.hiddenSize}
        onInput={(hiddenSize) => set({ hiddenSize })}
      />
      <Slider
        label="Passage begins at"
        min={0}
        max={4000}
        step={20}
        value={settings.start}
        onInput={(start) => set({ start })}
      />
    </div>
  );
}

/** How far the training is. */
export function Training({ events }: { readonly events: readonly { readonly type: string }[] }) {
  const last = events.at(-1);
  if (last === undefined || last.type !== 'progress') return null;
  const { done, of } = last as ProgressEvent;
  return (
    <p class="muted">
      Training on the text first: <progress value={done} max={of} /> {done} of {of} updates
    </p>
  );
}
