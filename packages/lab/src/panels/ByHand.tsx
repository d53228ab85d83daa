/** Backpropagation by hand: a second editor, and a grid of its differences from autograd. */
import './ByHand.css';
import type { ByHandEvent } from '../engine/by-hand.ts';
import type { WorkerError } from '../engine/messages.ts';
import { backwards, emptied, hasBackward, joined, mistakes, planted, toggled } from '../presets/by-hand.ts';
import { presetOf, presets } from '../presets/index.ts';
import type { ByHandCell } from '../settings/by-hand.ts';
import { change, job, state } from '../shell/store.ts';
import { Editor } from '../ui/Editor.tsx';
import { Figure } from '../ui/Figure.tsx';
import { DifferenceGrid, inWords, latestWrong } from './DifferenceGrid.tsx';

/** The backward beside the edited cell. */
interface Sheet {
  /** Whose prepared backward the text begins with. */
  readonly id: ByHandCell;
  /** Null: the cell brings its own. */
  readonly text: string | null;
  readonly program: string;
  /** Lines of the program before the text. */
  readonly lines: number;
}

function sheet(): Sheet {
  const [cell] = state.value.cells;
  const { cell: known, code } = state.value.byHand;
  const preset = presets.find((each) => each.code === cell!.code)?.id ?? known;
  const id = preset in backwards ? (preset as ByHandCell) : 'own';
  if (hasBackward(cell!.code)) return { id, text: null, program: cell!.code, lines: 0 };
  const text = id === known && code !== '' ? code : backwards[id];
  const { code: program, lines } = joined(cell!.code, text);
  return { id, text, program, lines };
}

const result = job(
  'byHand',
  () =>
    state.value.panel === 'byHand'
      ? { codes: [sheet().program], settings: { ...state.value.byHand, code: '' } }
      : null,
  { delay: 300 },
);

const CHOICES: Readonly<Record<ByHandCell, string>> = {
  rnn: 'RNN',
  lstm: 'LSTM',
  gru: 'GRU',
  own: 'Your own, from an empty one',
};

export function ByHandPanel() {
  const { id, text, lines } = sheet();
  const { events, error, busy } = result.value;
  const write = (code: string): void =>
    change({ byHand: { ...state.value.byHand, cell: id, code: code === backwards[id] ? '' : code } });
  return (
    <div class="by-hand">
      <Choice id={id} />
      {error === null ? <Sentence events={events} busy={busy} /> : <Failure error={error} lines={lines} />}
      <div class="compared">
        {text !== null && mistakes[id].length > 0 && <Switches id={id} text={text} write={write} />}
        <Grid events={events} stale={error !== null} />
      </div>
      {text === null ? (
        <p class="muted">The text of this cell contains its backward. Edit it there.</p>
      ) : (
        <>
          <div class="bar">
            <h2>The backward, in plain loops</h2>
            {id !== 'own' && (
              <button type="button" class="quiet" onClick={() => write(emptied(text))}>
                Write it yourself
              </button>
            )}
            <button
              type="button"
              class="quiet"
              disabled={text === backwards[id]}
              onClick={() => write(backwards[id])}
            >
              Start over
            </button>
          </div>
          <Editor
            label="The backward in TypeScript"
            code={text}
            onChange={write}
            error={within(error, lines)}
          />
        </>
      )}
    </div>
  );
}

/** In place of the verdict, so that it is not read as that of this text. */
function Failure({ error, lines }: { readonly error: WorkerError; readonly lines: number }) {
  return (
    <p class="error" role="alert">
      {placeOf(error, lines)}
      {error.message}
    </p>
  );
}

/** Chooses the cell, here and in its editor. */
function Choice({ id }: { readonly id: ByHandCell }) {
  return (
    <fieldset class="choices">
      <legend>Cell</legend>
      {Object.entries(CHOICES).map(([each, title]) => (
        <label key={each}>
          <input
            type="radio"
            name="by-hand-cell"
            checked={id === each}
            onChange={() => {
              const { title: name, code } = presetOf(each);
              const others = state.value.cells.slice(1);
              change({
                cells: [{ name, code }, ...others],
                byHand: { ...state.value.byHand, cell: each as ByHandCell, code: '' },
              });
            }}
          />
          {title}
        </label>
      ))}
    </fieldset>
  );
}

interface SwitchesProps {
  readonly id: ByHandCell;
  readonly text: string;
  readonly write: (code: string) => void;
}

/** Mistakes to plant in the text, and to mend. */
function Switches({ id, text, write }: SwitchesProps) {
  return (
    <fieldset class="mistakes">
      <legend>Plant a mistake</legend>
      {mistakes[id].map((mistake) => {
        const there = planted(text, mistake);
        return (
          <label key={mistake.title} class={there === null ? 'muted' : ''}>
            <input
              type="checkbox"
              checked={there === true}
              disabled={there === null}
              onChange={() => write(toggled(text, mistake))}
            />
            {mistake.title}
            {there === true && <code>line {lineOf(text, mistake.wrong)}</code>}
          </label>
        );
      })}
    </fieldset>
  );
}

const lineOf = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length;

const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

type Events = readonly ByHandEvent[];

const gridIn = (events: Events) => events.find((event) => event.type === 'grid');

/** The verdict of the law. */
function Sentence({ events, busy }: { readonly events: Events; readonly busy: boolean }) {
  const law = events.find((event) => event.type === 'law');
  if (law === undefined)
    return <p class="sentence muted">{busy ? 'Comparing …' : 'Nothing compared yet.'}</p>;
  return (
    <div aria-live="polite">
      {law.broken === null ? (
        <p class="sentence">
          <span class="holds">✓</span> The backward is right: it equals autograd at every gradient and step.
        </p>
      ) : (
        <>
          <p class="sentence">
            <span class="wrong">✗</span> {capital(law.broken.what)}.
          </p>
          <p>
            <strong>Likely cure:</strong> {law.broken.cure}.
          </p>
        </>
      )}
    </div>
  );
}

function Grid({ events, stale }: { readonly events: Events; readonly stale: boolean }) {
  const grid = gridIn(events);
  if (grid === undefined) return null;
  const { rows, problems } = grid;
  return (
    <div class={stale ? 'stale' : ''}>
      {problems.length > 0 && <p class="error">{problems.join('. ')}.</p>}
      {rows.length > 0 && (
        <Figure name="by-hand" caption={captionOf(rows)}>
          <DifferenceGrid rows={rows} />
        </Figure>
      )}
    </div>
  );
}

function captionOf(rows: Parameters<typeof inWords>[0]): string {
  const step = latestWrong(rows);
  return step === null
    ? '✓ equals autograd. ✗ differs, the stronger the color the more.'
    : `${inWords(rows)} Look there first: errors travel to earlier steps.`;
}

/** An error at its line of the second editor. Null for one elsewhere. */
function within(error: WorkerError | null, lines: number): WorkerError | null {
  const { place } = error ?? {};
  if (error === null || place === null || place === undefined || place.line <= lines) return null;
  return { ...error, place: { ...place, line: place.line - lines } };
}

function placeOf(error: WorkerError, lines: number) {
  const { place } = error;
  if (place === null) return null;
  const here = within(error, lines);
  return <strong>{here === null ? `Line ${place.line} of the cell: ` : `Line ${here.place!.line}: `}</strong>;
}
