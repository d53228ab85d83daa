/** Results as files: the same outcomes give the same bytes, and times stand in a file of their own. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Budget, DonePart, Measured } from './experiment.ts';

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

/** Times of all experiments, part by part. */
export type Timings = Readonly<Record<string, readonly Measured[]>>;

/** A folder of results: `NAME.json` for each experiment, and `timings.json`. */
export class ResultsFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(path, { recursive: true });
  }

  write(results: Results): void {
    writeFileSync(join(this.path, `${results.experiment}.json`), resultsJson(results));
    const timings = { ...this.#timings(), [results.experiment]: results.parts.map((part) => part.measured) };
    writeFileSync(join(this.path, 'timings.json'), `${JSON.stringify(timings, null, 1)}\n`);
  }

  /** What an earlier run left; null where there is nothing. */
  read(experiment: string): Results | null {
    const file = join(this.path, `${experiment}.json`);
    if (!existsSync(file)) return null;
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Results;
    const measured = this.#timings()[experiment] ?? [];
    return { ...kept, parts: kept.parts.map((part, i) => ({ ...part, measured: measured[i] ?? {} })) };
  }

  #timings(): Timings {
    const file = join(this.path, 'timings.json');
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Timings) : {};
  }
}
