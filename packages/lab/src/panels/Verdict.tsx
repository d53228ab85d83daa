/** The verdict: a light for each law, and the first that is broken in words. */
import { useSignal } from '@preact/signals';
import type { VerdictEvent } from '../engine/verdict.ts';
import { job, showCell, state } from '../shell/store.ts';
import { markedLine } from '../ui/marked-line.ts';
import { divergence, lineOf } from './verdict-words.ts';
import './Verdict.css';

export const verdict = job(
  'verdict',
  () => ({ codes: [state.value.cells[0]!.code], settings: state.value.verdict }),
  { delay: 300 },
);

type Outcome = Extract<VerdictEvent, { outcome: unknown }>['outcome'];
type Light = 'waiting' | 'holds' | 'broken' | 'untried';

const WORDS: Readonly<Record<Light, string>> = {
  waiting: '…',
  holds: 'holds',
  broken: 'broken',
  untried: 'not tried',
};
const MARKS: Readonly<Record<Light, string>> = { waiting: '·', holds: '✓', broken: '✗', untried: '–' };

export function VerdictPanel() {
  const selected = useSignal<string | null>(null);
  const { events, busy, error } = verdict.value;
  const [first, ...rest] = events;
  if (first === undefined || !('laws' in first))
    return <p class="muted">{busy ? 'Checking …' : 'No verdict yet.'}</p>;
  const outcomes = new Map(
    rest.flatMap((event) =>
      'outcome' in event ? [[event.outcome.id as string, event.outcome] as const] : [],
    ),
  );
  const broken = [...outcomes.values()].filter((each) => each.broken !== null);
  const shown = outcomes.get(selected.value ?? '') ?? broken[0] ?? null;
  const settled = outcomes.size === first.laws.length;
  return (
    <div class={error === null ? 'verdict' : 'verdict stale'} data-settled={settled && !busy}>
      <p class="sentence" aria-live="polite">
        {sentence(first.cell, first.laws.length, outcomes.size, broken)}
      </p>
      <ul class="lights">
        {first.laws.map(({ id, name }) => {
          const light = lightOf(outcomes.get(id));
          return (
            <li key={id}>
              <button
                type="button"
                class={`light ${light}`}
                aria-pressed={shown?.id === id}
                title={name}
                onClick={() => {
                  selected.value = id;
                }}
              >
                <span class="mark" aria-hidden="true">
                  {MARKS[light]}
                </span>
                <span>{id}</span>
                <span class="visually-hidden">: {WORDS[light]}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {shown === null ? (
        <p class="muted">
          Press a law to read what it checks. Or choose a cell that is wrong on purpose, and find the mistake
          before the verdict tells you.
        </p>
      ) : (
        <Details outcome={shown} first={shown === broken[0]} />
      )}
    </div>
  );
}

interface DetailsProps {
  readonly outcome: Outcome;
  /** Whether the sentence above has said what is broken. */
  readonly first: boolean;
}

function Details({ outcome: { id, name, broken, untried }, first }: DetailsProps) {
  const line = broken === null ? null : lineOf(state.value.cells[0]!.code, id, broken.what);
  return (
    <div class="details">
      <h2>Law: {name}</h2>
      {broken === null && untried === null && <p>This law holds in every case that was tried.</p>}
      {untried !== null && <p>Not tried, since the law “{untried}” is broken.</p>}
      {broken !== null && (
        <>
          {!first && <p>{broken.what}.</p>}
          <p>
            <strong>Likely cure:</strong> {broken.cure}.
          </p>
          <p class="muted">
            Smallest case that fails: T {broken.sizes.steps}, B {broken.sizes.batch}, F{' '}
            {broken.sizes.inputSize}, H {broken.sizes.hiddenSize}, seed {broken.sizes.seed}
          </p>
          {line !== null && (
            <button
              type="button"
              onClick={() => {
                markedLine.value = line;
                showCell();
              }}
            >
              Try it in the editor: line {line}
            </button>
          )}
          {broken.detail !== null && <pre>{broken.detail}</pre>}
        </>
      )}
    </div>
  );
}

const lightOf = (outcome: Outcome | undefined): Light => {
  if (outcome === undefined) return 'waiting';
  if (outcome.broken !== null) return 'broken';
  return outcome.untried === null ? 'holds' : 'untried';
};

function sentence(cell: string, laws: number, done: number, [first, ...others]: readonly Outcome[]): string {
  if (first !== undefined) {
    const more = others.length === 0 ? '' : ` ${others.length} more broken.`;
    return `${cell} is wrong: ${first.broken!.what}.${divergence(first.broken!.detail)}${more}`;
  }
  return done === laws
    ? `${cell} is right: all ${laws} laws hold.`
    : `${cell}: ${done} of ${laws} laws hold so far.`;
}
