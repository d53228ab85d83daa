/** Training curves as pictures, beside whatever else is told of a run. */
import { join } from 'node:path';
import type { Clip } from '../configuration.ts';
import type { Reporter, TrainInfo, TrainState, TrainSummary } from '../progress.ts';
import { replaceFile } from '../written-file.ts';
import { RunCurves } from './curves.ts';
import { grouped } from './words.ts';

export interface PlotOptions {
  /** Where the pictures go. */
  readonly directory: string;
  /** Where the run was saved that is resumed; null for a new one. */
  readonly resumed: string | null;
  /** What makes the run the one that it is: only curves of the same are gone on with. */
  readonly run: string;
  readonly clip: Clip;
}

/**
 * Passes on all that it hears, and draws the run when it ends: `training.svg` and `.png` for light pages, `training.dark.…` for dark ones,
 * and `training.json`, from which the curves go on when the run is resumed.
 */
export class PlottingReporter implements Reporter {
  readonly #next: Reporter;
  readonly #options: PlotOptions;
  readonly #curves: RunCurves;
  #info: TrainInfo | null = null;

  /** @param next tells the run's story in words */
  constructor(next: Reporter, options: PlotOptions) {
    this.#next = next;
    this.#options = options;
    this.#curves = new RunCurves(options.run);
  }

  start(info: TrainInfo): void {
    this.#info = info;
    this.#next.start(info);
    const { resumed } = this.#options;
    const { firstIteration } = info;
    if (resumed === null || firstIteration === 0) return;
    const until = this.#curves.takeUp(resumed, firstIteration);
    if (until < firstIteration)
      this.note(
        `the curves have nothing of iterations ${grouped(until + 1)} to ${grouped(firstIteration)}: none of them are kept`,
      );
  }

  step(state: TrainState): void {
    this.#curves.step(state);
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

  /** Bits per character of held-out text, as the model is now. */
  heldOut(bits: number): void {
    this.#curves.heldOut(bits);
  }

  /**
   * Draws what was heard. Only here are the plots loaded: who does not ask for them does not wait for them. Whatever goes wrong is told: it
   * costs the pictures, not the run, and hides no error of the run's own.
   */
  async draw(): Promise<void> {
    const info = this.#info;
    if (info === null || this.#curves.loss.length === 0) return;
    const { directory, clip } = this.#options;
    try {
      // First, and without what draws: whoever resumes the run has the curves, though there be no pictures.
      this.#curves.keep(directory);
      const [{ curvesFigure }, { figureFile }, { rasterize }] = await Promise.all([
        import('./curves-figure.ts'),
        import('../../plots/figure.ts'),
        import('../../plots/raster.ts'),
      ]);
      const figure = curvesFigure(info, this.#curves, clip);
      for (const theme of ['light', 'dark'] as const) {
        const svg = figureFile(figure, theme);
        const file = join(directory, theme === 'light' ? 'training' : 'training.dark');
        replaceFile(`${file}.svg`, svg);
        replaceFile(`${file}.png`, rasterize(svg));
      }
      this.note(`training curves in ${join(directory, 'training.svg')} and .png`);
    } catch (error) {
      this.note(`no training curves: ${(error as Error).message}`);
    }
  }
}
