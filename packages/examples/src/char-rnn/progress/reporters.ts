/** The choice of a reporter, and the one for files and programs. */
import { BarReporter } from './bar.ts';
import { formatEvent } from './format.ts';
import type { Output, Reporter, TrainEvent } from './reporter.ts';

/** JSON if requested, a progress bar on a terminal, otherwise lines. */
export function createReporter(json: boolean, output: Output): Reporter {
  return !json && output.isTTY === true ? new BarReporter(output) : new LinesReporter(output, json);
}

/** After other lines, and before the first one. */
const EVERY_MS = 1_000;
const FIRST_MS = 300;

/**
 * Lines for files and pipes, or JSON objects for programs. Work has a line once a second, and so
 * have steps; in JSON every step has one.
 */
export class LinesReporter implements Reporter {
  readonly #output: Output;
  readonly #json: boolean;
  readonly #now: () => number;
  #iterations = 0;
  #lastLine: number;

  /** @param now the clock, in milliseconds */
  constructor(output: Output, json: boolean, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#json = json;
    this.#now = now;
    this.#lastLine = now() - EVERY_MS + FIRST_MS;
  }

  report(event: TrainEvent): void {
    if (event.event === 'start') this.#iterations = event.iterations;
    if (this.#isFrequent(event) && this.#now() - this.#lastLine < EVERY_MS) return;
    this.#lastLine = this.#now();
    const line = this.#json ? toOneLine(JSON.stringify(event)) : formatEvent(event, this.#iterations);
    this.#output.write(`${line}\n`);
  }

  close(): void {}

  #isFrequent(event: TrainEvent): boolean {
    if (event.event === 'step') return !this.#json && event.iteration !== this.#iterations;
    return event.event === 'work';
  }
}

/**
 * Escapes what some readers take as line breaks (U+0085, U+2028, U+2029), and control characters.
 * NaN and infinities are null.
 */
function toOneLine(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
