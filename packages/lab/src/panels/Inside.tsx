/** What the units of the cell do while it reads a passage. */
import { useRef } from 'preact/hooks';
import type { InsideEvent } from '../engine/inside.ts';
import { placesOf, unitsOn } from '../engine/selection.ts';
import type { InsideSettings } from '../settings/reading.ts';
import { change, job, state } from '../shell/store.ts';
import { CharGrid, shade, visible } from '../ui/CharGrid.tsx';
import { Figure } from '../ui/Figure.tsx';
import { HeatMap } from '../ui/HeatMap.tsx';
import { Slider } from '../ui/Slider.tsx';
import { theme } from '../ui/ThemeSwitch.tsx';
import { ReadingControls, Training, text } from './reading.tsx';

const found = job(
  'inside',
  () => {
    const { panel, cells, inside } = state.value;
    const words = panel === 'inside' ? text() : null;
    if (words === null) return null;
    // What is shown of a reading does not change it.
    const settings = { ...inside, tap: '', unit: 0, span: null, text: words };
    return { codes: [cells[0]!.code], settings };
  },
  { delay: 300 },
);

function set(fields: Partial<InsideSettings>): void {
  change({ inside: { ...state.value.inside, ...fields } });
}

export function InsidePanel() {
  const { events, error } = found.value;
  const event = events.find((each): each is InsideEvent => each.type === 'inside');
  return (
    <div class="inside">
      <ReadingControls settings={state.value.inside} set={set} />
      <Training events={events} />
      {event !== undefined && <Reading event={event} />}
      {error !== null && <p class="error">{error.message}</p>}
    </div>
  );
}

function Reading({ event: { name, characters, taps } }: { readonly event: InsideEvent }) {
  const { tap, unit, span } = state.value.inside;
  const brushed = useRef<number | null>(null);
  const names = Object.keys(taps);
  const shown = taps[tap] === undefined ? names.find((each) => /^state/.test(each))! : tap;
  const units = taps[shown]!;
  const values = units[Math.min(unit, units.length - 1)]!;
  const chosen = span === null ? [] : unitsOn(units, span);
  const places =
    span === null
      ? []
      : placesOf(
          units,
          chosen.slice(0, 2).map((each) => each.unit),
          span,
        );
  const marked = new Set(span === null ? [] : [...range(span), ...places]);
  const largest = Math.max(...values.map(Math.abs));
  return (
    <>
      <fieldset class="choices">
        <legend>Show</legend>
        {names.map((each) => (
          <label key={each}>
            <input type="radio" name="tap" checked={each === shown} onChange={() => set({ tap: each })} />
            {each}
          </label>
        ))}
      </fieldset>
      <div class="sliders">
        <Slider
          label="Unit"
          min={0}
          max={units.length - 1}
          step={1}
          value={unit}
          onInput={(next) => set({ unit: next })}
        />
      </div>
      <Figure
        name={`inside-${name}-text`}
        caption={`${shown}, unit ${unit}: ${shadeWords(values)}. A unit is on in the upper 40 % of its range. Drag over characters to find the units that are on there.`}
      >
        <CharGrid
          characters={characters}
          fills={values.map((value) => shade(value < 0 ? 2 : 1, Math.abs(value) / largest))}
          marked={marked}
          alt={`The passage, shaded by ${shown} of unit ${unit}`}
          onPoint={(index, pressed) => {
            if (!pressed) brushed.current = null;
            else {
              brushed.current ??= index;
              set({ span: [Math.min(index, brushed.current), Math.max(index, brushed.current)] });
            }
          }}
        />
      </Figure>
      <Span characters={characters} span={span} chosen={chosen} places={places} />
      <Figure
        name={`inside-${name}-units`}
        caption={`${shown} of each unit (down) at each character (across). Choose a unit.`}
      >
        <HeatMap
          rows={units}
          chosen={unit}
          span={span}
          theme={theme()}
          onChoose={(next) => set({ unit: next })}
          alt={`${shown}: ${units.length} units at ${characters.length} characters`}
        />
      </Figure>
    </>
  );
}

interface SpanProps {
  readonly characters: readonly string[];
  readonly span: readonly [number, number] | null;
  readonly chosen: readonly { readonly unit: number; readonly elsewhere: number }[];
  readonly places: readonly number[];
}

/** The span, by pointer or by keyboard, and what was found. */
function Span({ characters, span, chosen, places }: SpanProps) {
  const [from, to] = span ?? [0, 0];
  const most = characters.length - 1;
  return (
    <>
      <div class="sliders">
        <Slider
          label="Span from"
          min={0}
          max={most}
          step={1}
          value={from}
          onInput={(next) => set({ span: [next, Math.max(next, to)] })}
        />
        <Slider
          label="Span to"
          min={0}
          max={most}
          step={1}
          value={to}
          onInput={(next) => set({ span: [Math.min(from, next), next] })}
        />
      </div>
      {span !== null && (
        <p aria-live="polite">
          In “
          {characters
            .slice(from, to + 1)
            .map(visible)
            .join('')}
          ” {chosen.length === 0 ? 'no unit is on throughout.' : 'these are on: '}
          {chosen.map(({ unit, elsewhere }) => (
            <button key={unit} type="button" class="chip" onClick={() => set({ unit })}>
              unit {unit}, on at {Math.round(100 * elsewhere)} % of the other characters
            </button>
          ))}
          {chosen.length > 0 &&
            ` Other places where the first ${Math.min(2, chosen.length)} are on: ${places.length}.`}
        </p>
      )}
    </>
  );
}

const range = ([from, to]: readonly [number, number]): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

const shadeWords = (values: readonly number[]): string =>
  `from ${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}, negative in orange`;
