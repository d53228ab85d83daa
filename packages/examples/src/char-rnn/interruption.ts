/** Ctrl-C and its relatives, and output that nobody can read any more, as a wish that the program fulfills when it suits it. */
import { whenOutputIsLost } from './standard-output.ts';

/** The signals that ask a program to end, and the exit codes that tell a shell so: 128 and the signal's number. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof EXIT_CODES;

/** One Ctrl-C can arrive twice, from the terminal and from the package manager: only a later one is a second one. */
const SAME_MS = 1_000;

/** Listens from its making until it is closed. Who asks a second time ends the process at once. */
export class Interruption {
  #exitCode: number | null = null;
  #since = 0;
  readonly #listener = (signal: Signal): void => {
    const now = performance.now();
    if (this.#exitCode !== null && now - this.#since > SAME_MS) process.exit(this.#exitCode);
    if (this.#exitCode !== null) return;
    this.#exitCode = EXIT_CODES[signal];
    this.#since = now;
  };
  readonly #forgetOutput: () => void;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#listener);
    this.#forgetOutput = whenOutputIsLost(() => {
      if (this.#exitCode !== null) return;
      this.#exitCode = 0;
      this.#since = performance.now();
    });
  }

  /** The exit code that was asked for, 0 where output was lost; null while nobody has asked. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** From now on signals, and the loss of output, do again what they do by themselves. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener);
    this.#forgetOutput();
  }
}

const SIGNALS = Object.keys(EXIT_CODES) as Signal[];
