/** Ctrl-C, other signals and lost output as a request to stop, which the program polls. */
import { onOutputLost } from './standard-output.ts';

/** Signals that end a program, and their exit codes: 128 plus the number of the signal. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof EXIT_CODES;
const SIGNALS = Object.keys(EXIT_CODES) as Signal[];

/** The terminal and the package manager may both send one Ctrl-C. Signals this close are one. */
const SAME_MS = 1_000;

/** A request to stop. Listens until it is closed. A second request ends the process immediately. */
export class StopRequest {
  #exitCode: number | null = null;
  #since = 0;
  readonly #onSignal = (signal: Signal): void => {
    const now = performance.now();
    if (this.#exitCode !== null && now - this.#since > SAME_MS) process.exit(this.#exitCode);
    if (this.#exitCode !== null) return;
    this.#exitCode = EXIT_CODES[signal];
    this.#since = now;
  };
  readonly #removeOutputListener: () => void;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal);
    this.#removeOutputListener = onOutputLost(() => {
      if (this.#exitCode !== null) return;
      this.#exitCode = 0;
      this.#since = performance.now();
    });
  }

  /** The exit code of the request; 0 for lost output. Null: no request yet. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** Restores the default behavior of signals and of lost output. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal);
    this.#removeOutputListener();
  }
}
