/** One case: everybody is checked, then everybody works in turn, round by round: A B A B. Only one works at a time. */
import { type Case, measureOf } from './cases.ts';
import type { Contestant } from './contestant-types.ts';
import type { Answer, Ran } from './protocol.ts';
import type { CaseResult, Row } from './results.ts';
import { disagreement, median, ratioOf, spreadOf, TOLERANCE } from './statistics.ts';

/** Somebody's variant of a case. */
export interface Entry {
  readonly contestant: Contestant;
  readonly variant: string;
}

/** How an entry is asked, whatever stands behind it. */
export type Ask = (entry: Entry, action: 'check' | 'run', seconds: number) => Promise<Answer>;

/** How long and how often. */
export interface Effort {
  readonly rounds: number;
  /** How long each works in a round of training; half as long on a single op, which varies less. */
  readonly seconds: number;
  /** Seconds of work before the first round, where a just-in-time compiler begins anew; for the others a quarter of a round does. */
  readonly warmUp: number;
}

/** An entry with what it measured. */
export interface Measured extends Entry {
  readonly values: number[];
  readonly cores: number[];
  loss: number | null;
}

/** Measures one case. @param expected the numbers that all must agree with; null where nobody could say. */
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
  // A round before the first warms up caches and compilers, and is dropped.
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

/** The rows of a case with their ratios to its baseline: the newest Node's fastest kernels, first variant. */
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

/** How a message names an entry. */
export function nameOf({ contestant, variant }: Entry): string {
  return variant === '' ? contestant.name : `${contestant.name}, ${variant}`;
}
