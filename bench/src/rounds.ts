/**
 * One case: all entries are checked, then each works in turn, round by round: A B A B. Only one
 * works at a time.
 */
import { type Case, measureOf } from './cases.ts';
import type { Contestant } from './contestant-types.ts';
import type { Answer, Ran } from './protocol.ts';
import type { CaseResult, Row } from './results.ts';
import { disagreement, median, ratioOf, spreadOf, TOLERANCE } from './statistics.ts';

/** A contestant's variant of a case. */
export interface Entry {
  readonly contestant: Contestant;
  readonly variant: string;
}

/** Sends a request to an entry. */
export type Ask = (entry: Entry, action: 'check' | 'run', seconds: number) => Promise<Answer>;

/** How long and how often. */
export interface Effort {
  readonly rounds: number;
  /**
   * Duration of a training round. A round of a single op takes half as long, since it varies less.
   */
  readonly seconds: number;
  /**
   * Seconds of work before the first round if a just-in-time compiler starts from nothing. Others
   * run a quarter of a round.
   */
  readonly warmUp: number;
}

/** An entry with its measurements. */
export interface Measured extends Entry {
  readonly values: number[];
  readonly cores: number[];
  loss: number | null;
}

/** Measures one case. @param expected the reference numbers, or null if there are none */
export async function measureCase(
  spec: Case,
  entries: readonly Entry[],
  expected: readonly number[] | null,
  ask: Ask,
  { rounds, seconds, warmUp }: Effort,
): Promise<CaseResult> {
  const absent: string[] = [];
  const failures: string[] = [];
  const agreed: Measured[] = [];
  for (const entry of entries) {
    const who = nameOf(entry);
    const answer = await ask(entry, 'check', 0);
    if ('numbers' in answer) {
      const problem =
        expected === null ? null : disagreement(answer.numbers, expected, TOLERANCE[entry.contestant.dtype]);
      if (problem === null) agreed.push({ ...entry, values: [], cores: [], loss: null });
      else failures.push(`${who}: ${problem}`);
    } else if ('absent' in answer) absent.push(`${who}: ${answer.absent}`);
    else failures.push(`${who}: ${'error' in answer ? answer.error : 'no answer'}`);
  }
  const share = spec.kind === 'train' || spec.kind === 'sample' ? seconds : seconds / 2;
  // An extra first round warms up caches and compilers, and is dropped.
  for (let round = -1; round < rounds; round++) {
    for (const entry of [...agreed]) {
      const before = entry.contestant.fresh ? warmUp : share / 4;
      const answer = await ask(entry, 'run', round < 0 ? before : share);
      if (!('iterations' in answer)) {
        failures.push(`${nameOf(entry)}: ${'error' in answer ? answer.error : 'no answer'}`);
        agreed.splice(agreed.indexOf(entry), 1);
      } else if (round >= 0) add(spec, entry, answer);
    }
  }
  return caseResult(spec, agreed, absent, failures);
}

function add(spec: Case, entry: Measured, { iterations, seconds, cpu, loss }: Ran): void {
  entry.values.push(measureOf(spec).value(iterations, seconds));
  entry.cores.push(cpu / seconds);
  entry.loss = loss ?? null;
}

/**
 * The rows of a case with their ratios to its baseline: the newest Node's fastest kernels, first
 * variant.
 */
export function caseResult(
  spec: Case,
  measured: readonly Measured[],
  absent: readonly string[],
  failures: readonly string[],
): CaseResult {
  const { unit, better } = measureOf(spec);
  const ours = measured.filter(({ contestant }) => contestant.peer === 'chronograd');
  const newest = ours.at(-1)?.contestant;
  const baseline = ours.find(({ contestant }) => contestant === newest);
  const rows = measured.map(
    ({ contestant, variant, values, cores, loss }): Row => ({
      contestant: contestant.id,
      name: contestant.name,
      variant,
      values,
      median: median(values),
      spread: spreadOf(values),
      cores: cores.length === 0 ? null : median(cores),
      loss,
      ratio: baseline === undefined ? null : ratioOf(baseline.values, values, better),
    }),
  );
  return {
    case: spec,
    unit,
    better,
    baseline: baseline === undefined ? null : nameOf(baseline),
    rows,
    absent,
    failures,
  };
}

/** The name of an entry in messages. */
export function nameOf({ contestant, variant }: Entry): string {
  return variant === '' ? contestant.name : `${contestant.name}, ${variant}`;
}
