/** One step of the cell in numbers: its operations forward, then backward along the tape. */
import { useEffect, useRef } from 'preact/hooks';
import type { OneStepEvent } from '../engine/one-step.ts';
import type { OneStepSettings } from '../settings/one-step.ts';
import { change, job, state } from '../shell/store.ts';
import { markedLine } from '../ui/marked-line.ts';
import { Slider } from '../ui/Slider.tsx';
import './OneStep.css';
import { Equation } from './one-step/Equation.tsx';
import { namesOf } from './one-step/names.ts';
import { Parameters } from './one-step/Parameters.tsx';
import { Tape } from './one-step/Tape.tsx';

const found = job(
  'oneStep',
  () => {
    const { panel, cells, oneStep } = state.value;
    if (panel !== 'oneStep') return null;
    // What is shown of a run does not change it.
    return { codes: [cells[0]!.code], settings: { ...oneStep, shown: 1, position: -1 } };
  },
  { delay: 100 },
);

function set(fields: Partial<OneStepSettings>): void {
  change({ oneStep: { ...state.value.oneStep, ...fields } });
}

export function OneStepPanel() {
  const { events, error, busy } = found.value;
  const { hiddenSize, steps, shown, seed, position } = state.value.oneStep;
  const code = useRef('');
  // Events of an edited program remain until its own run ends.
  if (!busy) code.current = state.value.cells[0]!.code;
  useEffect(
    () => () => {
      markedLine.value = null;
    },
    [],
  );
  const event = events[Math.min(shown, events.length) - 1];
  return (
    <div class="one-step">
      <p class="muted">
        A run of {steps} steps with the loss L = ½ Σ‖output − target‖². Choose a step and an operation. Here
        ∂z is short for ∂L/∂z.
      </p>
      <div class="sliders">
        <Slider
          label="Step t"
          min={1}
          max={steps}
          step={1}
          value={Math.min(shown, steps)}
          onInput={(t) => set({ shown: t })}
        />
        <Slider label="Steps T" min={1} max={6} step={1} value={steps} onInput={(T) => set({ steps: T })} />
        <Slider
          label="Hidden units H"
          min={2}
          max={4}
          step={1}
          value={hiddenSize}
          onInput={(H) => set({ hiddenSize: H })}
        />
        <Slider label="Seed" min={1} max={20} step={1} value={seed} onInput={(next) => set({ seed: next })} />
      </div>
      {event !== undefined && event.rows.length === 0 && (
        <p>No operation of this step depends on the state, the input or a parameter: no gradient flows.</p>
      )}
      {event !== undefined && event.rows.length > 0 && (
        <Step event={event} code={code.current} position={position} steps={events.length} />
      )}
      {error !== null && <p class="error">{error.message}</p>}
    </div>
  );
}

interface StepProps {
  readonly event: OneStepEvent;
  readonly code: string;
  readonly position: number;
  readonly steps: number;
}

function Step({ event, code, position, steps }: StepProps) {
  const { rows } = event;
  const names = namesOf(event, code);
  const end = 2 * rows.length - 1;
  // Without a walk, all numbers are shown, and the equation of the last operation.
  const at = position < 0 ? rows.length - 1 : Math.min(position, end);
  const pass = at < rows.length ? 'forward' : 'backward';
  const row = rows[pass === 'forward' ? at : end - at]!;
  const choose = (next: number): void => {
    const position = Math.min(end, Math.max(0, next));
    set({ position });
    markedLine.value = rows[position < rows.length ? position : end - position]!.line;
  };
  const count = pass === 'forward' ? at + 1 : at + 1 - rows.length;
  return (
    <>
      <div class="walk">
        <button
          type="button"
          aria-label="Operation before"
          disabled={at === 0}
          onClick={() => choose(at - 1)}
        >
          ◂
        </button>
        <label>
          <span class="visually-hidden">Along the tape</span>
          <input
            type="range"
            min={0}
            max={end}
            step={1}
            value={at}
            aria-valuetext={`${pass}, operation ${count} of ${rows.length}`}
            onInput={({ currentTarget }) => choose(Number(currentTarget.value))}
          />
        </label>
        <button
          type="button"
          aria-label="Next operation"
          disabled={at === end}
          onClick={() => choose(at + 1)}
        >
          ▸
        </button>
        <output>
          <strong>{pass}</strong> {count} of {rows.length}
          {row.line !== null && `, line ${row.line}`}
        </output>
      </div>
      <Equation event={event} names={names} row={row} pass={pass} />
      <Tape
        event={event}
        names={names}
        code={code}
        steps={steps}
        position={at}
        walking={position >= 0}
        choose={choose}
      />
      <Parameters event={event} steps={steps} />
    </>
  );
}
