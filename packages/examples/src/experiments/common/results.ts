/**
 * Results as files. Equal outcomes give equal bytes; times and provenance are in separate files.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../cli/errors.ts';
import { readRegularFile } from '../../cli/read-file.ts';
import { makeDirectory, replaceFile } from '../../cli/write-file.ts';
import { BUDGETS, type Budget, type DonePart, type Measured } from './experiment.ts';
import type { Provenance } from './provenance.ts';

/** Finished parts of an experiment. */
export interface Results {
  readonly experiment: string;
  readonly budget: Budget;
  readonly parts: readonly DonePart<unknown, unknown>[];
}

/** Digits that are stored: enough for float32. */
const DIGITS = 9;

/** JSON with numbers of nine digits. A number that is not finite becomes null. */
export function resultsJson({ experiment, budget, parts }: Results): string {
  const kept = parts.map(({ config, outcome }) => ({ config, outcome }));
  return `${toJson({ experiment, budget, parts: kept })}\n`;
}

/** Plain data as read back from a file. */
export function throughJson<T>(data: T): T {
  return JSON.parse(toJson(data)) as T;
}

function toJson(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => {
    if (typeof value !== 'number') return value;
    return Number.isFinite(value) ? Number(value.toPrecision(DIGITS)) : null;
  });
}

const TIMINGS = 'timings.json';
const MADE_WITH = 'made-with.json';

/** Results from a folder. */
export interface KeptResults extends Results {
  /** Null if not recorded. */
  readonly made: Provenance | null;
}

/** Recorded provenance. Results without a format have format 1. */
type Noted = Provenance & { readonly format?: number };

/**
 * A folder of results: `NAME.json` per experiment; `timings.json` and `made-with.json` differ from
 * run to run.
 */
export class ResultsFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Checks, before a run, that timings and provenance can be read. @throws UsageError */
  check(): void {
    for (const name of [TIMINGS, MADE_WITH]) this.#noted(name);
  }

  /** Creates the folder if it does not exist. */
  make(): void {
    makeDirectory(this.path);
  }

  /** @param format see {@link Study.format} */
  write(results: Results, made: Provenance, format: number = 1): void {
    const { experiment, parts } = results;
    this.make();
    this.#save(`${experiment}.json`, resultsJson(results));
    const timings = { ...this.#noted(TIMINGS), [experiment]: parts.map((part) => part.measured) };
    this.#save(TIMINGS, `${JSON.stringify(timings, null, 1)}\n`);
    const makers = { ...this.#noted(MADE_WITH), [experiment]: { ...made, format } };
    this.#save(MADE_WITH, `${JSON.stringify(makers, null, 1)}\n`);
  }

  /**
   * Results of an earlier run. Null if there are none.
   * @throws UsageError, naming the file, if it is damaged, has no parts, or has another format
   */
  read(experiment: string, format: number = 1): KeptResults | null {
    const file = join(this.path, `${experiment}.json`);
    if (!existsSync(file)) return null;
    const kept = parsed(file) as Partial<Results>;
    const whole =
      Array.isArray(kept.parts) && kept.parts.every(isPart) && BUDGETS.some((b) => b === kept.budget);
    if (!whole || kept.experiment !== experiment)
      throw new UsageError(`${file} holds no results of ${experiment}`);
    const parts = kept.parts as Results['parts'];
    if (parts.length === 0) throw new UsageError(`${file} holds no parts`);
    const noted = this.#noted<Noted>(MADE_WITH)[experiment];
    const { format: of = 1, ...made } = noted ?? {};
    if (of !== format)
      throw new UsageError(`${file}: expected results of format ${format}, got format ${of}`);
    const measured = this.#noted<readonly Measured[]>(TIMINGS)[experiment] ?? [];
    return {
      experiment,
      budget: kept.budget as Budget,
      parts: parts.map((part, i) => ({ ...part, measured: measured[i] ?? {} })),
      made: noted === undefined ? null : (made as Provenance),
    };
  }

  /** Content of a file, by experiment. */
  #noted<T>(name: string): Readonly<Record<string, T>> {
    const file = join(this.path, name);
    return existsSync(file) ? (parsed(file) as Readonly<Record<string, T>>) : {};
  }

  /** Replaces a file atomically. */
  #save(name: string, text: string): void {
    replaceFile(join(this.path, name), text);
  }
}

/** Parses the JSON object in a file. */
function parsed(file: string): object {
  const text = readRegularFile(file, 'the results').toString();
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is incomplete or not JSON: remove it or restore it`);
  }
  if (!isObject(data)) throw new UsageError(`${file} is not a JSON object: remove it or restore it`);
  return data;
}

const isObject = (data: unknown): data is object => typeof data === 'object' && data !== null;
const isPart = (part: unknown): boolean =>
  isObject(part) && 'config' in part && isObject(part.config) && 'outcome' in part;
