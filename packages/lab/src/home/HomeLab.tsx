/** The small lab on the site's home page: a cell, its lights, and how far its gradient reaches. */
import { computed, signal } from '@preact/signals';
import { render } from 'preact';
import type { EventOf } from '../engine/jobs.ts';
import type { ReachEvent } from '../engine/through-time.ts';
import type { VerdictEvent } from '../engine/verdict.ts';
import { presetOf } from '../presets/index.ts';
import { throughTimeDefaults } from '../settings/through-time.ts';
import { verdictDefaults } from '../settings/verdict.ts';
import { type Handle, run } from '../shell/run.ts';
import { LogChart } from '../ui/LogChart.tsx';
import { Slider } from '../ui/Slider.tsx';
import '../ui/chart.css';
import './home.css';

const CELLS = ['rnn', 'gru', 'lstm'] as const;

const chosen = signal<(typeof CELLS)[number]>('rnn');
const radius = signal(0.9);
const lights = signal<readonly VerdictEvent[]>([]);
const reach = signal<ReachEvent | null>(null);
const code = computed(() => presetOf(chosen.value).code);

let checking: Handle | null = null;
let [measuring, again] = [false, false];

function check(): void {
  checking?.stop();
  let events: VerdictEvent[] = [];
  checking = run('verdict', [code.value], verdictDefaults, {
    onEvent(event: EventOf<'verdict'>) {
      events = [...events, event];
      lights.value = events;
    },
    onEnd() {},
  });
}

/** One run at a time. The last radius wins. */
function measure(): void {
  if (measuring) {
    again = true;
    return;
  }
  measuring = true;
  run(
    'throughTime',
    [code.value],
    { ...throughTimeDefaults, radius: radius.value },
    {
      onEvent(event) {
        reach.value = event;
      },
      onEnd() {
        measuring = false;
        if (again) {
          again = false;
          measure();
        }
      },
    },
  );
}

function choose(id: (typeof CELLS)[number]): void {
  chosen.value = id;
  lights.value = [];
  check();
  measure();
}

function HomeLab() {
  const [first, ...outcomes] = lights.value;
  const laws = first !== undefined && 'laws' in first ? first.laws : [];
  return (
    <div class="home-lab">
      <div class="home-cell">
        <div class="tabs">
          {CELLS.map((id) => (
            <button key={id} type="button" aria-pressed={id === chosen.value} onClick={() => choose(id)}>
              {presetOf(id).title}
            </button>
          ))}
        </div>
        <pre>{stepOf(code.value)}</pre>
        <ul class="dots" aria-label="Laws that hold">
          {laws.map(({ id, name }, i) => (
            <li key={id} title={name} class={outcomes[i] === undefined ? '' : 'on'}>
              {outcomes[i] === undefined ? '·' : '✓'} {id}
            </li>
          ))}
        </ul>
      </div>
      <div>
        <Slider
          label="Spectral radius of W_hh"
          min={0}
          max={2}
          step={0.01}
          value={radius.value}
          onInput={(value) => {
            radius.value = value;
            measure();
          }}
        />
        {reach.value !== null && (
          <LogChart
            lines={[{ label: reach.value.name, values: reach.value.norms, series: 1 }]}
            xLabel="steps back in time"
            yLabel="‖∂h_T / ∂h_t‖"
            range={[-6, 2]}
            most={[-24, 12]}
            alt="The size of the gradient against the distance in time"
          />
        )}
      </div>
    </div>
  );
}

/** The method `step` of a cell's text. */
function stepOf(text: string): string {
  const from = text.indexOf('  step(');
  return text.slice(from, text.lastIndexOf('}')).replace(/^ {2}/gm, '').trimEnd();
}

/** Shows the small lab in an element. */
export function mount(element: HTMLElement): void {
  render(<HomeLab />, element);
  choose(chosen.value);
}
