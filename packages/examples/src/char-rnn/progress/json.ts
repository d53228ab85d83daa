/** One JSON object per line, for programs. NaN and infinities are null. */
import type { Output, Reporter, TrainInfo, TrainState, TrainSummary } from './reporter.ts';

export class JsonReporter implements Reporter {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  start(info: TrainInfo): void {
    this.#line({ event: 'start', ...info });
  }

  step(state: TrainState): void {
    this.#line({ event: 'step', ...state });
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

/** Escapes what some readers take as line breaks (U+0085, U+2028, U+2029), and control characters. */
function toOneLine(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
