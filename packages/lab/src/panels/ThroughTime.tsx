/** How far the gradient reaches through time, for up to three cells. */
import type { ReachEvent } from '../engine/through-time.ts';
import type { ThroughTimeSettings } from '../settings/through-time.ts';
import { change, job, state } from '../shell/store.ts';
import { Figure } from '../ui/Figure.tsx';
import { type Line, LogChart } from '../ui/LogChart.tsx';
import { Slider } from '../ui/Slider.tsx';
import { Others } from './Others.tsx';

const reach = job(
  'throughTime',
  () =>
    state.value.panel === 'throughTime'
      ? { codes: state.value.cells.map(({ code }) => code), settings: state.value.throughTime }
      : null,
  { finish: true },
);

const SLIDERS: readonly {
  readonly key: keyof ThroughTimeSettings;
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}[] = [
  { key: 'radius', label: 'Spectral radius of W_hh', min: 0, max: 2, step: 0.01 },
  { key: 'forgetBias', label: 'Forget bias', min: -2, max: 6, step: 0.1 },
  { key: 'inputs', label: 'Size of the inputs', min: 0, max: 2, step: 0.05 },
  { key: 'steps', label: 'Steps T', min: 5, max: 120, step: 1 },
  { key: 'hiddenSize', label: 'Hidden units H', min: 4, max: 48, step: 1 },
  { key: 'seed', label: 'Seed', min: 1, max: 20, step: 1 },
];

export function ThroughTimePanel() {
  const { events, error } = reach.value;
  const settings = state.value.throughTime;
  const set = (key: keyof ThroughTimeSettings, value: number): void =>
    change({ throughTime: { ...settings, [key]: value } });
  return (
    <div class="through-time">
      <div class="sliders">
        {SLIDERS.map(({ key, ...slider }) => (
          <Slider key={key} {...slider} value={settings[key]} onInput={(value) => set(key, value)} />
        ))}
      </div>
      <Others most={2} />
      {events.length > 0 && (
        <Figure name="through-time" caption={caption(events)}>
          <LogChart
            lines={linesOf(events)}
            xLabel="distance T − t in steps"
            yLabel="‖∂h_T / ∂h_t‖"
            range={[-8, 2]}
            most={[-24, 12]}
            alt={events.map(inWords).join('. ')}
          />
        </Figure>
      )}
      <p class="sentence" aria-live="polite">
        {events.map(inWords).join('. ')}
        {events.length > 0 && '.'}
      </p>
      {error !== null && <p class="error">{error.message}</p>}
    </div>
  );
}

function linesOf(events: readonly ReachEvent[]): Line[] {
  return events.flatMap(({ program, name, norms, bound }) => {
    const line = { label: name, values: norms, series: program + 1 };
    return bound === null
      ? [line]
      : [line, { ...line, label: `${name}, bound`, values: bound, dashed: true }];
  });
}

/** The decay or growth for each step, over the farther half. */
function inWords({ name, norms }: ReachEvent): string {
  const steps = norms.length - 1;
  const [middle, last] = [norms[Math.floor(steps / 2)]!, norms[steps]!];
  const factor = (last / middle) ** (1 / Math.ceil(steps / 2));
  const trend = factor < 0.995 ? 'vanishes' : factor > 1.005 ? 'grows' : 'persists';
  return `${name}: the gradient ${trend}, by a factor of ${factor.toFixed(2)} a step; after ${steps} steps ${last.toExponential(1)} remains`;
}

function caption(events: readonly ReachEvent[]): string {
  const without = events.filter(({ matrices }) => matrices === 0).map(({ name }) => name);
  const gated = events.some(({ forgetGate }) => forgetGate);
  return [
    'Largest singular value of the Jacobian of the last state by an earlier one, in float64.',
    events.some(({ bound }) => bound !== null) ? 'Dashed: the bound ∏ σ_max(W_hh)·max(1 − h²).' : '',
    without.length > 0
      ? `No recurrent matrix found in ${without.join(', ')}: the radius changes nothing there.`
      : '',
    gated ? '' : 'No cell here has a gate f: the forget bias changes nothing.',
  ]
    .filter((each) => each !== '')
    .join(' ');
}
