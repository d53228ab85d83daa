/** Results as files: the same outcomes give the same bytes; times, and what they were made with, stand in files of their own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../cli/errors.ts';
import { readRegularFile } from '../../cli/read-file.ts';
import { makeDirectory, replaceFile } from '../../cli/write-file.ts';
import { BUDGETS, type Budget, type DonePart, type Measured } from './experiment.ts';
import type { Provenance } from './provenance.ts';

/** All parts of an experiment. */
export interface Results {
  readonly experiment: string;
  readonly budget: Budget;
  readonly parts: readonly DonePart<unknown, unknown>[];
}

/** Digits that are kept: float32's, and more than any plot shows. */
const DIGITS = 9;

/** JSON with numbers of nine digits; what is not finite is null. Keys keep the order in which a program writes them. */
export function resultsJson({ experiment, budget, parts }: Results): string {
  const kept = parts.map(({ config, outcome }) => ({ config, outcome }));
  return `${toJson({ experiment, budget, parts: kept })}\n`;
}

/** Plain data as they come back from a file. */
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

/** Results as they lie in a folder, with what they were made with; null where the folder does not say. */
export interface KeptResults extends Results {
  readonly made: Provenance | null;
}

/** What is noted of how an experiment's results were made. Results without a format are of the first. */
type Noted = Provenance & { readonly format?: number };

/** A folder of results: `NAME.json` for each experiment; `timings.json` and `made-with.json`, which differ from run to run. */
export class ResultsFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Sees that what is noted beside the results can be read, before anything runs that would add to it. @throws UsageError */
  check(): void {
    for (const name of [TIMINGS, MADE_WITH]) this.#noted(name);
  }

  /** Makes the folder where there is none. */
  make(): void {
    makeDirectory(this.path);
  }

  /** @param format of the experiment: see there */
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
   * What an earlier run left; null where there is nothing.
   * @throws UsageError, naming the file, for what is damaged, holds no parts, or is of another format than is asked for
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
      throw new UsageError(`${file} is of format ${of}, and results of format ${format} are expected`);
    const measured = this.#noted<readonly Measured[]>(TIMINGS)[experiment] ?? [];
    return {
      experiment,
      budget: kept.budget as Budget,
      parts: parts.map((part, i) => ({ ...part, measured: measured[i] ?? {} })),
      made: noted === undefined ? null : (made as Provenance),
    };
  }

  /** What a file holds for each experiment. */
  #noted<T>(name: string): Readonly<Record<string, T>> {
    const file = join(this.path, name);
    return existsSync(file) ? (parsed(file) as Readonly<Record<string, T>>) : {};
  }

  /** A file is there whole, or as it was before: whoever stops the program stops it between the two. */
  #save(name: string, text: string): void {
    replaceFile(join(this.path, name), text);
  }
}

/** The JSON object in a file. */
function parsed(file: string): object {
  const text = readRegularFile(file, 'the results').toString();
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new UsageError(`${file} is cut off, or no JSON: remove it, or put back a whole one`);
  }
  if (!isObject(data))
    throw new UsageError(`${file} holds no JSON object: remove it, or put back a whole one`);
  return data;
}

const isObject = (data: unknown): data is object => typeof data === 'object' && data !== null;
const isPart = (part: unknown): boolean =>
  isObject(part) && 'config' in part && isObject(part.config) && 'outcome' in part;
