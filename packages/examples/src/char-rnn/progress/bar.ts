/** A progress bar on a terminal, as far as it is wide enough; what else is said stands above it. */
import cliProgress from 'cli-progress';
import { fitting, printableLine } from '../printable.ts';
import type { Output, Reporter, TrainInfo, TrainState, TrainSummary } from '../progress.ts';
import { History, sparkline } from './history.ts';
import { endWords, grouped, sampleWords, shortStepWords, startWords, stepWords } from './words.ts';

const WIDEST = 30;
/** How many blocks the course of the loss has, where there is room for them, and how few still show something. */
const SPARKS = 16;
const FEWEST = 4;
/** The shortest bar that still shows something. */
const SHORTEST = 8;
/** Columns left free at the end of the line: the terminal echoes ^C there, and a line that wraps could not be taken back. */
const MARGIN = 3;

export class BarReporter implements Reporter {
  readonly #output: Output;
  readonly #bar: cliProgress.SingleBar;
  #iterations = 0;
  #iteration = 0;
  #windowCharacters = 1;
  #state: TrainState | null = null;
  readonly #losses: History = new History(4 * SPARKS);

  constructor(output: Output) {
    this.#output = output;
    this.#bar = new cliProgress.SingleBar({
      stream: output,
      format: (_options, { progress, maxWidth }) => this.#line(progress, maxWidth),
      fps: 8,
      clearOnComplete: true,
      // The terminal's own setting stays, whatever ends this process; lines are cut to its width.
      linewrap: true,
      // Ctrl-C is for the training loop to handle.
      gracefulExit: false,
    });
  }

  start(info: TrainInfo): void {
    this.#iterations = info.iterations;
    this.#iteration = info.firstIteration;
    this.#windowCharacters = info.steps * info.batch;
    this.#above(this.#fitting(startWords(info)));
  }

  step(state: TrainState): void {
    this.#iteration = state.iteration;
    this.#state = state;
    // The smoothed loss would lag behind; a block is a mean anyway.
    this.#losses.add(state.iteration, state.loss);
    this.#bar.update(state.iteration);
  }

  sample(text: string, iteration: number): void {
    this.#above(sampleWords(text, iteration));
  }

  note(text: string): void {
    this.#above(this.#fitting(printableLine(text)));
  }

  end(summary: TrainSummary): void {
    this.close();
    this.#output.write(`${this.#fitting(endWords(summary))}\n`);
  }

  close(): void {
    this.#bar.stop();
  }

  #fitting(text: string): string {
    return fitting(text, this.#output);
  }

  /** Text above the bar. The bar is stopped first: it remembers where on the screen it began, and text would scroll that away. */
  #above(text: string): void {
    this.#bar.stop();
    this.#output.write(`${text}\n`);
    this.#bar.start(this.#iterations, this.#iteration);
  }

  /** Count, words and the course of the loss; a bar before them where there is room. Made here, eight times a second, and not at every step. */
  #line(progress: number, columns: number): string {
    const room = columns - MARGIN;
    const count = `${grouped(this.#iteration)}/${grouped(this.#iterations)}`;
    const telling = (words: (state: TrainState) => string): string =>
      this.#state === null ? count : `${count}  ${words(this.#state)}`;
    const text = telling(stepWords);
    const left = room - text.length - 2 - SPARKS;
    const width = Math.min(WIDEST, left - 1);
    if (width >= SHORTEST) {
      const filled = Math.round((this.#timeShare() ?? progress) * width);
      return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text}  ${this.#course(SPARKS)}`;
    }
    // The count says what the bar would; nothing else says what the course does.
    if (left >= 0) return `${text}  ${this.#course(SPARKS)}`;
    const short = telling(shortStepWords);
    const sparks = Math.min(SPARKS, room - short.length - 2);
    return `${short}  ${sparks < FEWEST ? '' : this.#course(sparks)}`.slice(0, Math.max(0, room));
  }

  /** The share of the run that is done where the time limit ends it; null where its last iteration does. */
  #timeShare(): number | null {
    if (this.#state?.timeLimited !== true) return null;
    const { secondsLeft, charactersPerSecond, iteration } = this.#state;
    return iteration / (iteration + (secondsLeft * charactersPerSecond) / this.#windowCharacters);
  }

  /** @param sparks at most so many blocks */
  #course(sparks: number): string {
    const losses = this.#losses.points.map(({ value }) => value);
    return sparkline(losses, sparks);
  }
}
