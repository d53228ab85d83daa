/** Results as files: the same outcomes give the same bytes; times, and what they were made with, stand in files of their own. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Budget, DonePart, Measured } from './experiment.ts';
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

/** A folder of results: `NAME.json` for each experiment; `timings.json` and `made-with.json`, which differ from run to run. */
export class ResultsFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true });
  }

  write(results: Results, made: Provenance): void {
    const { experiment, parts } = results;
    writeFileSync(join(this.path, `${experiment}.json`), resultsJson(results));
    const timings = { ...this.#noted(TIMINGS), [experiment]: parts.map((part) => part.measured) };
    writeFileSync(join(this.path, TIMINGS), `${JSON.stringify(timings, null, 1)}\n`);
    const makers = { ...this.#noted(MADE_WITH), [experiment]: made };
    writeFileSync(join(this.path, MADE_WITH), `${JSON.stringify(makers, null, 1)}\n`);
  }

  /** What an earlier run left; null where there is nothing. */
  read(experiment: string): KeptResults | null {
    const file = join(this.path, `${experiment}.json`);
    if (!existsSync(file)) return null;
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Results;
    const measured = this.#noted<readonly Measured[]>(TIMINGS)[experiment] ?? [];
    return {
      ...kept,
      parts: kept.parts.map((part, i) => ({ ...part, measured: measured[i] ?? {} })),
      made: this.#noted<Provenance>(MADE_WITH)[experiment] ?? null,
    };
  }

  /** What a file holds for each experiment. */
  #noted<T>(name: string): Readonly<Record<string, T>> {
    const file = join(this.path, name);
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, T>>) : {};
  }
}
