/** The run's end of one worker: requests, one at a time, and failures. */
import type { FromWorker, SentError, ToWorker } from './messages.ts';
import { WorkerError, type WorkerLink, type Workers } from './workers.ts';

interface Waiting {
  readonly resolve: (answer: FromWorker) => void;
  readonly reject: (error: unknown) => void;
}

export class Member {
  readonly #rank: number;
  readonly #link: WorkerLink;
  #waiting: Waiting | null = null;
  #answer: FromWorker | null = null;
  #failure: WorkerError | null = null;

  constructor(workers: Workers, rank: number) {
    this.#rank = rank;
    this.#link = workers.start(rank);
    this.#link.listen(
      (message) => this.#receive(message as FromWorker),
      (error) => this.#fail(error instanceof Error ? error.message : String(error), error),
    );
  }

  /**
   * The next message of the worker.
   * @throws WorkerError if the worker fails or has failed.
   */
  next(): Promise<FromWorker> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) reject(this.#failure);
      else if (this.#answer !== null) resolve(this.#answer);
      else this.#waiting = { resolve, reject };
      this.#answer = null;
    });
  }

  /** Sends a message. @returns the answer, as `next`. */
  request(message: ToWorker): Promise<FromWorker> {
    this.#link.post(message);
    return this.next();
  }

  close(): void {
    this.#failure ??= new WorkerError(this.#rank, 'the run has ended');
    this.#link.close();
  }

  #receive(message: FromWorker): void {
    if (message.type === 'error') {
      const { error } = message;
      this.#fail(`${error.name}: ${error.message}`, causeOf(error));
    } else if (this.#waiting === null) this.#answer = message;
    else this.#settle(({ resolve }) => resolve(message));
  }

  #fail(what: string, cause: unknown): void {
    const failure = new WorkerError(this.#rank, what, cause);
    this.#failure ??= failure;
    this.#settle(({ reject }) => reject(failure));
  }

  #settle(settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) settle(waiting);
  }
}

/** The error with the stack of the worker. */
function causeOf({ name, message, stack }: SentError): Error {
  const error = new Error(message);
  return Object.assign(error, { name, stack });
}
