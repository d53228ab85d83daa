/** Long computations let the event loop run now and then: signals, timers and output wait for that. */

/** As long as a computation may hold everything else up. */
const EVERY_MS = 50;

/** Whether it is time, to be asked as often as one likes, and the pause itself. */
export class Breathing {
  #last: number = performance.now();

  /** Costs a look at the clock. */
  get due(): boolean {
    return performance.now() - this.#last >= EVERY_MS;
  }

  /** Lets everything run that waits. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}
