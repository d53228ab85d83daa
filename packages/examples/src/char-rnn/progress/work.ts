/** Long work between training steps: it reports its progress and lets the event loop run. */
import type { Reporter } from './reporter.ts';

/**
 * Called often during long work. Cheap unless 50 ms have passed.
 * @param what the work, such as `reading book.txt`
 * @param share the completed part, from 0 to 1
 * @returns false if the work must end
 */
export type Work = (what: string, share: number) => Promise<boolean>;

const EVERY_MS = 50;

/** @param goesOn whether the work goes on. Default: it always does. */
export function workOf(reporter: Reporter, goesOn: () => boolean = () => true): Work {
  let last = performance.now();
  return async (what, share) => {
    if (performance.now() - last < EVERY_MS) return true;
    reporter.work(what, share);
    await new Promise<void>((resolve) => setImmediate(resolve));
    last = performance.now();
    return goesOn();
  };
}

/** For work without a reporter. */
export const silently: Work = async () => {
  await new Promise<void>((resolve) => setImmediate(resolve));
  return true;
};
