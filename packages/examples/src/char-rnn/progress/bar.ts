/** A progress bar on a terminal. Other output appears above it. */
import cliProgress from 'cli-progress';
import { wrapForTerminal } from '../../cli/sanitize-terminal.ts';
import { grouped } from '../../common/format.ts';
import { formatEvent, formatShortStep, formatStep, formatWork } from './format.ts';
import { History, sparkline } from './history.ts';
import type { EventOf, Output, Reporter, TrainEvent, TrainState } from './reporter.ts';

const WIDEST = 30;
/** Blocks of the sparkline of the loss, and the fewest that are useful. */
const SPARKS = 16;
const FEWEST = 4;
/** The shortest useful bar. */
const SHORTEST = 8;
/**
 * Free columns at the end for the ^C that the terminal echoes. A wrapped line could not be erased.
 */
const MARGIN = 3;
/** Between updates of the line about work, and before its first one. */
const WORK_EVERY_MS = 200;
const ERASE_LINE = '\r\x1b[K';

export class BarReporter implements Reporter {
  readonly #output: Output;
  readonly #bar: cliProgress.SingleBar;
  #iterations = 0;
  #iteration = 0;
  #windowCharacters = 1;
  /** The beginning of the current work, or its last update. Null: no work. */
  #lastWork: number | null = performance.now();
  /** Whether the line of the cursor shows work. */
  #working = false;
  #state: TrainState | null = null;
  readonly #losses: History = new History(4 * SPARKS);

  constructor(output: Output) {
    this.#output = output;
    this.#bar = new cliProgress.SingleBar({
      stream: output,
      format: (_options, { progress, maxWidth }) => this.#line(progress, maxWidth),
      fps: 8,
      clearOnComplete: true,
      // Keeps the setting of the terminal, however the process ends. Lines are cut to its width.
      linewrap: true,
      // The training loop handles Ctrl-C.
      gracefulExit: false,
    });
  }

  report(event: TrainEvent): void {
    if (event.event === 'work') return this.#work(event);
    if (event.event === 'step') return this.#step(event);
    if (event.event === 'start') {
      this.#iterations = event.iterations;
      this.#iteration = event.firstIteration;
      this.#windowCharacters = event.steps * event.batch;
    }
    // Above the bar, which stops first: text would scroll its remembered position away.
    this.close();
    const text = formatEvent(event, this.#iterations);
    this.#output.write(`${event.event === 'sample' ? text : wrapForTerminal(text, this.#output)}\n`);
    if (event.event !== 'end') this.#bar.start(this.#iterations, this.#iteration);
  }

  close(): void {
    this.#bar.stop();
    if (this.#working) this.#output.write(ERASE_LINE);
    this.#working = false;
    this.#lastWork = null;
  }

  #work(event: EventOf<'work'>): void {
    const now = performance.now();
    this.#lastWork ??= now;
    if (now - this.#lastWork < WORK_EVERY_MS) return;
    this.#lastWork = now;
    this.#bar.stop();
    const room = Math.max(0, (this.#output.columns ?? 80) - MARGIN);
    this.#output.write(`${ERASE_LINE}${formatWork(event).slice(0, room)}`);
    this.#working = true;
  }

  #step(state: TrainState): void {
    this.#iteration = state.iteration;
    this.#state = state;
    // The smoothed loss would lag, and a block is a mean already.
    this.#losses.add(state.iteration, state.loss);
    this.#bar.update(state.iteration);
  }

  /**
   * The line of the bar, as wide as the terminal allows. Runs eight times a second, not per step.
   */
  #line(progress: number, columns: number): string {
    const room = columns - MARGIN;
    const count = `${grouped(this.#iteration)}/${grouped(this.#iterations)}`;
    const withCount = (format: (state: TrainState) => string): string =>
      this.#state === null ? count : `${count}  ${format(this.#state)}`;
    const text = withCount(formatStep);
    const left = room - text.length - 2 - SPARKS;
    const width = Math.min(WIDEST, left - 1);
    if (width >= SHORTEST) {
      const filled = Math.round((this.#timeShare() ?? progress) * width);
      return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${text}  ${this.#sparkline(SPARKS)}`;
    }
    // The bar is dropped before the sparkline: the count has its information.
    if (left >= 0) return `${text}  ${this.#sparkline(SPARKS)}`;
    const short = withCount(formatShortStep);
    const sparks = Math.min(SPARKS, room - short.length - 2);
    return `${short}  ${sparks < FEWEST ? '' : this.#sparkline(sparks)}`.slice(0, Math.max(0, room));
  }

  /** The completed share of a run that its time limit will end. Null: its last iteration will. */
  #timeShare(): number | null {
    if (this.#state?.timeLimited !== true) return null;
    const { secondsLeft, charactersPerSecond, iteration } = this.#state;
    return iteration / (iteration + (secondsLeft * charactersPerSecond) / this.#windowCharacters);
  }

  #sparkline(sparks: number): string {
    const losses = this.#losses.points.map(({ value }) => value);
    return sparkline(losses, sparks);
  }
}
