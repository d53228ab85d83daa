/** Pauses of long computations, in which timers, messages, input and drawing get their turn. */

const EVERY_MS = 50;

/** What hosts have: Node sets immediates, browsers and workers have channels. */
interface Host {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly setTimeout?: (callback: () => void, ms: number) => unknown;
  readonly MessageChannel?: new () => {
    readonly port1: { onmessage: unknown; close(): void };
    readonly port2: { postMessage(message: null): void };
  };
}

/**
 * Waits until the event loop has run other tasks. A timer would be slowed down in hidden pages, so
 * it is the last choice. Without any, the computation goes on.
 */
export function nextTask(): Promise<void> {
  const { setImmediate, MessageChannel, setTimeout } = globalThis as unknown as Host;
  return new Promise<void>((resolve) => {
    if (setImmediate !== undefined) setImmediate(resolve);
    else if (MessageChannel !== undefined) {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    } else if (setTimeout !== undefined) setTimeout(resolve, 0);
    else resolve();
  });
}

/** Pauses about every 50 ms. The clock decides nothing else. */
export class Pauses {
  readonly #pause: () => Promise<void>;
  #last: number = Date.now();

  constructor(pause: () => Promise<void> = nextTask) {
    this.#pause = pause;
  }

  /** A pause if one is due, otherwise null. */
  due(): Promise<void> | null {
    return Math.abs(Date.now() - this.#last) < EVERY_MS ? null : this.#take();
  }

  async #take(): Promise<void> {
    await this.#pause();
    this.#last = Date.now();
  }
}
