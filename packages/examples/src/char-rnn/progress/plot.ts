/** Draws training curves, beside the output of another reporter. */
import { join } from 'node:path';
import { replaceFile } from '../../cli/write-file.ts';
import { grouped } from '../../common/format.ts';
import type { Clip } from '../settings.ts';
import { RunCurves } from './curves.ts';
import type { Reporter, TrainEvent, TrainInfo } from './reporter.ts';

export interface PlotOptions {
  /** Where to write the plots. */
  readonly directory: string;
  /** The directory of the run that is resumed. Null: a new run. */
  readonly resumed: string | null;
  /** Identifies the run: only its own curves are continued. */
  readonly run: string;
  readonly clip: Clip;
}

/**
 * Forwards everything to another reporter, and draws the run at its end: `training.svg` and `.png`,
 * `training.dark.…` for dark pages, and `training.json`, which a resumed run continues.
 */
export class PlottingReporter implements Reporter {
  readonly #next: Reporter;
  readonly #options: PlotOptions;
  readonly #curves: RunCurves;
  #info: TrainInfo | null = null;

  /** @param next prints the run */
  constructor(next: Reporter, options: PlotOptions) {
    this.#next = next;
    this.#options = options;
    this.#curves = new RunCurves(options.run);
  }

  report(event: TrainEvent): void {
    this.#next.report(event);
    if (event.event === 'step') this.#curves.step(event);
    if (event.event === 'start') this.#begin(event);
  }

  close(): void {
    this.#next.close();
  }

  /** Continues the curves of a resumed run. */
  #begin(info: TrainInfo): void {
    this.#info = info;
    const { resumed } = this.#options;
    const { firstIteration } = info;
    if (resumed === null || firstIteration === 0) return;
    const until = this.#curves.restore(resumed, firstIteration);
    if (until < firstIteration)
      this.#note(
        `the plot omits iterations ${grouped(until + 1)} to ${grouped(firstIteration)}: they have no saved curves`,
      );
  }

  #note(text: string): void {
    this.#next.report({ event: 'note', text });
  }

  /** Adds the held-out loss of the current model, in bits per character. */
  heldOut(bits: number): void {
    this.#curves.heldOut(bits);
  }

  /**
   * Draws the curves. Loads the plot modules only here, so that other runs do not wait for them.
   * Errors are reported as notes: they must not fail the run or hide its error.
   */
  async draw(): Promise<void> {
    const info = this.#info;
    if (info === null || this.#curves.loss.length === 0) return;
    const { directory, clip } = this.#options;
    try {
      // First, so that a resumed run has the curves even if drawing fails.
      this.#curves.save(directory);
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
      this.#note(`training curves in ${join(directory, 'training.svg')} and .png`);
    } catch (error) {
      this.#note(`no training curves: ${(error as Error).message}`);
    }
  }
}
