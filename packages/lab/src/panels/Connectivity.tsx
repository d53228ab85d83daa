/** Which earlier characters each prediction depends on, for one or two cells. */
import { useSignal } from '@preact/signals';
import type { ConnectivityEvent } from '../engine/connectivity.ts';
import { change, job, state } from '../shell/store.ts';
import { CharGrid, shade, visible } from '../ui/CharGrid.tsx';
import { Figure } from '../ui/Figure.tsx';
import { Slider } from '../ui/Slider.tsx';
import { Others } from './Others.tsx';
import { ReadingControls, Training, text } from './reading.tsx';

const found = job(
  'connectivity',
  () => {
    if (state.value.panel !== 'connectivity') return null;
    const words = text();
    if (words === null) return null;
    const codes = state.value.cells.slice(0, 2).map(({ code }) => code);
    return { codes, settings: { ...state.value.connectivity, text: words } };
  },
  { delay: 300 },
);

export function ConnectivityPanel() {
  const { events, error } = found.value;
  const chosen = useSignal(60);
  const settings = state.value.connectivity;
  const cells = events.filter((event): event is ConnectivityEvent => event.type === 'connectivity');
  return (
    <div class="connectivity">
      <p class="muted">
        Point at a character. The darker an earlier one, the more the prediction of the next character depends
        on it.
      </p>
      <ReadingControls
        settings={settings}
        set={(fields) => change({ connectivity: { ...settings, ...fields } })}
      />
      <Others most={1} />
      <Training events={events} />
      {cells.map((cell) => (
        <Passage
          key={cell.program}
          cell={cell}
          chosen={chosen.value}
          choose={(index) => {
            chosen.value = index;
          }}
        />
      ))}
      {cells.length > 0 && (
        <div class="sliders">
          <Slider
            label="Chosen character"
            min={0}
            max={cells[0]!.characters.length - 1}
            step={1}
            value={chosen.value}
            onInput={(index) => {
              chosen.value = index;
            }}
          />
        </div>
      )}
      {error !== null && <p class="error">{error.message}</p>}
    </div>
  );
}

interface PassageProps {
  readonly cell: ConnectivityEvent;
  readonly chosen: number;
  readonly choose: (index: number) => void;
}

function Passage({ cell, chosen, choose }: PassageProps) {
  const { name, program, characters, rows, predictions } = cell;
  const row = rows[chosen]!;
  const largest = Math.max(...row);
  const prediction = predictions[chosen]!;
  const sentence = inWords(cell, chosen);
  return (
    <section>
      <h2>{name}</h2>
      <Figure name={`connectivity-${name}`} caption={sentence}>
        <CharGrid
          characters={characters}
          fills={characters.map((_, s) => (s > chosen ? null : shade(program + 1, row[s]! / largest)))}
          marked={new Set([chosen])}
          alt={sentence}
          onPoint={choose}
        />
      </Figure>
      <p class="visually-hidden" aria-live="polite">
        Predicts {visible(prediction.character)}.
      </p>
    </section>
  );
}

/** The reach in characters: how far back a tenth of the largest dependence is found. */
function inWords({ characters, rows, predictions }: ConnectivityEvent, t: number): string {
  const row = rows[t]!;
  const largest = Math.max(...row);
  const first = row.findIndex((norm) => norm >= largest / 10);
  const order = row.map((_, s) => s).sort((a, b) => row[b]! - row[a]!);
  const most = order
    .slice(0, 3)
    .map((s) => `“${visible(characters[s]!)}” ${t - s === 0 ? 'here' : `${t - s} back`}`);
  const { character, probability } = predictions[t]!;
  return `After “${visible(characters[t]!)}” it predicts “${visible(character)}” (${Math.round(100 * probability)} %), from ${most.join(', ')}. A tenth of the largest dependence reaches ${t - first} characters back.`;
}
