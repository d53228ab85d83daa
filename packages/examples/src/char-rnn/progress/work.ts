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
    reporter.report({ event: 'work', what, share });
    await new Promise<void>((resolve) => setImmediate(resolve));
    last = performance.now();
    return goesOn();
  };
}

/** Work in parts: yields the completed share after each, and returns the result. */
export type InParts<R> = Generator<number, R, void>;

/** The result of work with pauses. Null: it had to end before. */
export async function withPauses<R>(parts: InParts<R>, what: string, work: Work): Promise<R | null> {
  for (;;) {
    const part = parts.next();
    if (part.done === true) return part.value;
    if (!(await work(what, part.value))) return null;
  }
}

/** The result of work without pauses. */
export function atOnce<R>(parts: InParts<R>): R {
  for (;;) {
    const part = parts.next();
    if (part.done === true) return part.value;
  }
}

/** For work without a reporter. */
export const silently: Work = async () => true;
