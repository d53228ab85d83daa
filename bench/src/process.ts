/** A contestant's process. It starts once and handles one request at a time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Contestant } from './contestant-types.ts';
import type { Answer, Hello, Request } from './protocol.ts';

/** Timeout of an answer, which may include a compiler. */
const PATIENCE = 600_000;

/** The end of a process's standard error is kept for messages. */
const KEPT = 2000;

/** The receiver of the next line. */
interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** The connection to one contestant. */
export class ContestantProcess {
  readonly hello: Promise<Hello>;
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  #complaints = '';
  #waiting: Waiting | null = null;

  constructor({ name, command, env }: Contestant) {
    this.#name = name;
    this.#child = spawn(command[0]!, command.slice(1), { env: { ...process.env, ...env } });
    this.#lines = createInterface({ input: this.#child.stdout! });
    this.#child.stderr!.on('data', (data: Buffer) => {
      this.#complaints = (this.#complaints + data.toString()).slice(-KEPT);
    });
    this.#child.stdin!.on('error', () => {}); // The event below reports its end.
    this.#lines.on('line', (line) => this.#settle((waiting) => waiting.resolve(line)));
    this.#child.on('error', (error) => this.#settle((waiting) => waiting.reject(error)));
    this.#child.on('close', (code) => {
      const said = this.#complaints.trim().split('\n').slice(-3).join(' | ');
      this.#settle((waiting) => waiting.reject(new Error(`${name} ended with ${code}: ${said}`)));
    });
    this.hello = this.#next().then((line) => JSON.parse(line) as Hello);
  }

  /** Sends a request and waits. Errors of the contestant are `{ error }`. */
  async ask(request: Request): Promise<Answer> {
    if (this.#child.exitCode !== null)
      return { error: `${this.#name} has ended: ${this.#complaints.trim()}` };
    try {
      await this.hello;
      this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
      return JSON.parse(await this.#next()) as Answer;
    } catch (error) {
      return { error: (error as Error).message };
    }
  }

  /** Ends the process. */
  close(): void {
    this.#lines.close();
    this.#child.kill();
  }

  #next(): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.close();
        this.#settle((waiting) =>
          waiting.reject(new Error(`${this.#name} gave no answer within ${PATIENCE / 1e3} s`)),
        );
      }, PATIENCE);
      const settled = <T>(then: (value: T) => void) => {
        return (value: T): void => {
          clearTimeout(timer);
          then(value);
        };
      };
      this.#waiting = { resolve: settled(resolve), reject: settled(reject) };
    });
  }

  #settle(how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) how(waiting);
  }
}
