/** The choice of a reporter, and those for files and programs. */
import { printableLine } from '../../cli/sanitize-terminal.ts';
import { grouped } from '../../common/format.ts';
import { BarReporter } from './bar.ts';
import { formatEnd, formatSample, formatStart, formatStep, formatValidation, formatWork } from './format.ts';
import type { Output, Reporter, TrainInfo, TrainState, TrainSummary, TrainValidation } from './reporter.ts';

/** JSON if requested, a progress bar on a terminal, otherwise lines. */
export function createReporter(json: boolean, output: Output): Reporter {
  if (json) return new JsonReporter(output);
  return output.isTTY === true ? new BarReporter(output) : new LinesReporter(output);
}

const EVERY_MS = 10_000;
/** Between lines about work, and before the first one. */
const WORK_EVERY_MS = 1_000;
const FIRST_WORK_MS = 300;

/** Lines for files and pipes: one every ten seconds, and after the first and the last step. */
export class LinesReporter implements Reporter {
  readonly #output: Output;
  readonly #now: () => number;
  #iterations = 0;
  #lastShown = Number.NEGATIVE_INFINITY;
  #lastLine: number;

  /** @param now the clock, in milliseconds */
  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
    this.#lastLine = now() - WORK_EVERY_MS + FIRST_WORK_MS;
  }

  work(what: string, share: number): void {
    if (this.#now() - this.#lastLine >= WORK_EVERY_MS) this.#line(formatWork(what, share));
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

  validation(validation: TrainValidation): void {
    this.#line(formatValidation(validation));
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
    this.#lastLine = this.#now();
    this.#output.write(`${text}\n`);
  }
}

/** One JSON object per line, for programs. NaN and infinities are null. */
export class JsonReporter implements Reporter {
  readonly #output: Output;
  #lastWork: number = performance.now() - WORK_EVERY_MS + FIRST_WORK_MS;

  constructor(output: Output) {
    this.#output = output;
  }

  work(what: string, share: number): void {
    if (performance.now() - this.#lastWork < WORK_EVERY_MS) return;
    this.#lastWork = performance.now();
    this.#line({ event: 'work', what, share });
  }

  start(info: TrainInfo): void {
    this.#line({ event: 'start', ...info });
  }

  step(state: TrainState): void {
    this.#line({ event: 'step', ...state });
  }

  validation(validation: TrainValidation): void {
    const { step, loss, improved, best } = validation;
    this.#line({ event: 'validation', iteration: step, bitsPerCharacter: loss, improved, best });
  }

  sample(text: string, iteration: number): void {
    this.#line({ event: 'sample', iteration, text });
  }

  note(text: string): void {
    this.#line({ event: 'note', text });
  }

  end(summary: TrainSummary): void {
    this.#line({ event: 'end', ...summary });
  }

  close(): void {}

  #line(object: object): void {
    this.#output.write(`${toOneLine(JSON.stringify(object))}\n`);
  }
}

/**
 * Escapes what some readers take as line breaks (U+0085, U+2028, U+2029), and control characters.
 */
function toOneLine(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
