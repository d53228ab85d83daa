/** What tests read and change in an open page: `globalThis.lab`. */
import type { EventOf, JobName, SettingsOf } from '../../src/engine/jobs.ts';
import type { WorkerError } from '../../src/engine/messages.ts';
import type { LabState } from '../../src/shell/state.ts';
import type { Page } from './drivers/page.ts';

export interface Lab {
  readonly state: LabState;
  readonly results: Readonly<Record<string, LabResult<JobName>>>;
  /** Ids of all panels. */
  readonly panels: readonly string[];
  readonly change: (fields: Partial<LabState>) => void;
  /** Resolves when everything is loaded. */
  readonly whole: () => Promise<void>;
  readonly settled: () => Promise<void>;
  /** The events of a job that no panel shows. */
  readonly eventsOf: (job: JobName, codes: readonly string[], settings: unknown) => Promise<unknown[]>;
}

export interface LabResult<N extends JobName> {
  readonly events: readonly EventOf<N>[];
  readonly busy: boolean;
  readonly error: WorkerError | null;
}

/** Changes the state, waits until no job is busy, and returns the results of a job. */
export async function resultsOf<N extends JobName>(
  page: Page,
  job: N,
  fields: Partial<LabState> = {},
): Promise<LabResult<N>> {
  const found = await page.evaluate(
    async (job, fields) => {
      const { lab } = globalThis as unknown as { lab: Lab };
      lab.change(fields);
      await lab.settled();
      return lab.results[job];
    },
    job as JobName,
    fields,
  );
  return found as unknown as LabResult<N>;
}

/** The events of a job that no panel shows. */
export async function eventsOf<N extends JobName>(
  page: Page,
  job: N,
  codes: readonly string[],
  settings: SettingsOf<N>,
): Promise<EventOf<N>[]> {
  const events = await page.evaluate(
    (job, codes, settings) =>
      (globalThis as unknown as { lab: Lab }).lab.eventsOf(job as JobName, codes as string[], settings),
    job as JobName,
    codes as string[],
    settings as unknown,
  );
  return events as EventOf<N>[];
}

/** Ids of all panels. */
export const panelsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => (globalThis as unknown as { lab: Lab }).lab.panels);
