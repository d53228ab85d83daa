/** Two cells trained on one seed, side by side. */
import { presets } from '../presets/index.ts';
import type { TaskId, TrainSettings } from '../settings/train.ts';
import { change, state } from '../shell/store.ts';
import { error, frame, pause, phase, play, progress, rate, reset, start, step } from '../shell/training.ts';
import type { Curve } from '../ui/curves-svg.ts';
import { LiveChart } from '../ui/LiveChart.tsx';
import { Slider } from '../ui/Slider.tsx';
import { theme } from '../ui/ThemeSwitch.tsx';
import { TrainData } from './TrainData.tsx';

const TASKS: Readonly<Record<TaskId, string>> = {
  text: 'Text',
  adding: 'Adding',
  copy: 'Copy',
  sine: 'Noisy sine',
  column: 'CSV column',
};

const SLIDERS = [
  { key: 'hiddenSize', label: 'Hidden units H', min: 4, max: 256, step: 4 },
  { key: 'steps', label: 'Steps T', min: 4, max: 100, step: 1 },
  { key: 'batch', label: 'Batch B', min: 1, max: 64, step: 1 },
  { key: 'lr', label: 'Learning rate (Adam)', min: 0.0005, max: 0.03, step: 0.0005 },
  { key: 'seed', label: 'Seed', min: 1, max: 20, step: 1 },
] as const;

/** Sets settings. A new run starts from them. */
function set(fields: Partial<TrainSettings>): void {
  reset();
  change({ train: { ...state.value.train, ...fields } });
}

export function TrainPanel() {
  const settings = state.value.train;
  const running = phase.value === 'running';
  return (
    <div class="train">
      <fieldset class="choices">
        <legend>Task</legend>
        {Object.entries(TASKS).map(([id, title]) => (
          <label key={id}>
            <input
              type="radio"
              name="task"
              checked={settings.task === id}
              onChange={() => set({ task: id as TaskId, data: '' })}
            />
            {title}
          </label>
        ))}
      </fieldset>
      <TrainData settings={settings} set={set} />
      <Second />
      <div class="sliders">
        {SLIDERS.map(({ key, ...slider }) => (
          <Slider key={key} {...slider} value={settings[key]} onInput={(value) => set({ [key]: value })} />
        ))}
      </div>
      <div class="bar controls">
        <button type="button" class="primary" onClick={() => (running ? pause() : void play())}>
          {running ? 'Pause' : phase.value === 'done' ? 'Train again' : 'Train'}
        </button>
        <button type="button" disabled={running} onClick={() => void step()}>
          One step
        </button>
        <button type="button" disabled={phase.value === 'idle'} onClick={reset}>
          Stop
        </button>
        <output class="muted">
          {running &&
            rate.value > 0 &&
            `${Math.round(rate.value).toLocaleString('en')} ${unitOf(settings.task)} a second`}
        </output>
      </div>
      {error.value !== null && (
        <p class="error" role="alert">
          {error.value.message}
        </p>
      )}
      <Progress />
    </div>
  );
}

const unitOf = (task: TaskId): string => (task === 'text' ? 'characters' : 'time steps');

/** The second cell. */
function Second() {
  const [cell, second] = state.value.cells;
  return (
    <div class="bar">
      <label>
        Compare with
        <select
          value={second?.name ?? ''}
          onChange={({ currentTarget }) => {
            reset();
            const chosen = presets.find(({ title }) => title === currentTarget.value);
            change({
              cells: chosen === undefined ? [cell!] : [cell!, { name: chosen.title, code: chosen.code }],
            });
          }}
        >
          <option value="">no other cell</option>
          {presets
            .filter(({ group }) => group !== 'wrong')
            .map(({ id, title }) => (
              <option key={id}>{title}</option>
            ))}
        </select>
      </label>
    </div>
  );
}

function Progress() {
  const version = frame.value;
  if (start.value === null) return null;
  const { names, baselines, unit } = start.value;
  const curves = names.flatMap((name, i): Curve[] => [
    { label: `${name}, training`, series: i + 1, values: smoothed(progress[i]!.losses) },
    { label: `${name}, held out`, series: i + 1, values: measuresOf(i), points: true },
  ]);
  const length = Math.max(2, ...progress.map(({ losses }) => losses.length));
  const lines = baselines.map(
    ({ label, score }, i): Curve => ({
      label,
      series: 3 + (i % 2),
      values: Array.from({ length }, () => score),
      dashed: true,
    }),
  );
  return (
    <>
      <LiveChart curves={[...curves, ...lines]} yLabel={unit} version={version} theme={theme()} />
      <table>
        <thead>
          <tr>
            <th scope="col">Cell</th>
            <th scope="col">Updates</th>
            <th scope="col">Loss</th>
            <th scope="col">Gradient norm</th>
            <th scope="col">Held out</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name, i) => {
            const { losses, gradientNorm, measures } = progress[i]!;
            return (
              <tr key={i}>
                <th scope="row">{name}</th>
                <td>{losses.length}</td>
                <td>{digits(losses.at(-1))}</td>
                <td>{digits(gradientNorm)}</td>
                <td>{digits(measures.at(-1)?.heldOut)}</td>
              </tr>
            );
          })}
          {baselines.map(({ label, score }) => (
            <tr key={label} class="muted">
              <th scope="row">{label}</th>
              <td colSpan={3} />
              <td>{digits(score)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {names.map((name, i) => {
        const sample = progress[i]!.measures.at(-1)?.sample ?? null;
        return (
          sample !== null && (
            <blockquote key={i}>
              <strong>{name}</strong> {sample}
            </blockquote>
          )
        );
      })}
    </>
  );
}

const digits = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : value.toPrecision(3);

function measuresOf(program: number): (number | null)[] {
  const { losses, measures } = progress[program]!;
  const values: (number | null)[] = losses.map(() => null);
  for (const { step, heldOut } of measures) values[step - 1] = heldOut;
  return values;
}

/** A moving average, corrected for its start. */
function smoothed(losses: readonly number[]): number[] {
  let [mean, weight] = [0, 0];
  return losses.map((loss) => {
    mean = 0.95 * mean + 0.05 * loss;
    weight = 0.95 * weight + 0.05;
    return mean / weight;
  });
}
