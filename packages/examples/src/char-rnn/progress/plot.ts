/** Training curves as pictures, beside whatever else is told of a run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TrainInfo, TrainState, TrainSummary } from '../progress.ts';
import { History } from './history.ts';
import { grouped } from './words.ts';

/** Points of a curve. */
const POINTS = 600;

/** Passes on all that it hears, and draws the run when it ends: `training.svg` and `.png` for light pages, `training.dark.…` for dark ones. */
export class PlottingReporter implements Reporter {
  readonly #next: Reporter;
  readonly #directory: string;
  readonly #loss: History = new History(POINTS);
  readonly #smoothed: History = new History(POINTS);
  #info: TrainInfo | null = null;

  /** @param next tells the run's story in words @param directory where the pictures go */
  constructor(next: Reporter, directory: string) {
    this.#next = next;
    this.#directory = directory;
  }

  start(info: TrainInfo): void {
    this.#info = info;
    this.#next.start(info);
  }

  step(state: TrainState): void {
    const { iteration, loss, smoothedLoss, bitsPerCharacter } = state;
    // A window's loss is a sum or a mean, as configured; bits per character are the same either way.
    this.#loss.add(iteration, (loss * bitsPerCharacter) / smoothedLoss);
    this.#smoothed.add(iteration, bitsPerCharacter);
    this.#next.step(state);
  }

  sample(text: string, iteration: number): void {
    this.#next.sample(text, iteration);
  }

  note(text: string): void {
    this.#next.note(text);
  }

  end(summary: TrainSummary): void {
    this.#next.end(summary);
  }

  close(): void {
    this.#next.close();
  }

  /** Draws what was heard. Only here are the plots loaded: who does not ask for them does not wait for them. */
  async draw(): Promise<void> {
    const [{ lineChart }, { figureFile }, { rasterize }] = await Promise.all([
      import('../../plots/line-chart.ts'),
      import('../../plots/figure.ts'),
      import('../../plots/raster.ts'),
    ]);
    const info = this.#info;
    if (info === null || this.#loss.points.length === 0) return;
    const characters = info.steps * info.batch;
    const points = (history: History): [number, number][] =>
      history.points.map(({ iteration, value }) => [iteration * characters, value]);
    const panel = lineChart({
      heading: `${info.cell}, hidden ${info.hidden}, steps ${info.steps}, batch ${info.batch}: ${grouped(info.parameters)} parameters`,
      x: { label: 'characters read' },
      y: { label: 'training loss, bits per character' },
      width: 960,
      height: 420,
      lines: [
        { label: '', faint: true, ink: 'blue', points: points(this.#loss) },
        { label: 'smoothed', ink: 'blue', points: points(this.#smoothed) },
      ],
      levels: [{ y: Math.log2(info.vocabularySize), label: 'even guessing' }],
    });
    const figure = { name: 'training', title: `Training on ${info.corpus}`, caption: '', panels: [panel] };
    mkdirSync(this.#directory, { recursive: true });
    for (const theme of ['light', 'dark'] as const) {
      const svg = figureFile(figure, theme);
      const file = join(this.#directory, theme === 'light' ? 'training' : 'training.dark');
      writeFileSync(`${file}.svg`, svg);
      writeFileSync(`${file}.png`, rasterize(svg));
    }
    this.#next.note(`training curves in ${join(this.#directory, 'training.svg')} and .png`);
  }
}
