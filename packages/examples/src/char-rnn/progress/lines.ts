/** Lines for files and pipes: one every ten seconds, and after the first and the last step. */
import { printableLine } from '../../cli/sanitize-terminal.ts';
import { grouped } from '../../common/format.ts';
import { formatEnd, formatSample, formatStart, formatStep } from './format.ts';
import type { Output, Reporter, TrainInfo, TrainState, TrainSummary } from './reporter.ts';

const EVERY_MS = 10_000;

export class LinesReporter implements Reporter {
  readonly #output: Output;
  readonly #now: () => number;
  #iterations = 0;
  #lastShown = Number.NEGATIVE_INFINITY;

  /** @param now the clock, in milliseconds */
  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  start(info: TrainInfo): void {
    this.#iterations = info.iterations;
    this.#line(formatStart(info));
  }

  step(state: TrainState): void {
    const now = this.#now();
    if (now - this.#lastShown < EVERY_MS && state.iteration !== this.#iterations) return;
    this.#lastShown = now;
    this.#line(`${grouped(state.iteration)}/${grouped(this.#iterations)}  ${formatStep(state)}`);
  }

  sample(text: string, iteration: number): void {
    this.#line(formatSample(text, iteration));
  }

  note(text: string): void {
    this.#line(printableLine(text));
  }

  end(summary: TrainSummary): void {
    this.#line(formatEnd(summary));
  }

  close(): void {}

  #line(text: string): void {
    this.#output.write(`${text}\n`);
  }
}
