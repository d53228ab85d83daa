/** Joins the parts of a run, for machines that are quiet for ten minutes only. */
import { cases } from './cases.ts';
import type { BenchResult, ContestantResult } from './results.ts';

const LOAD = 'load before the run';

/**
 * One result of all parts. If several parts have a case, the last one counts.
 * @throws Error if the parts are from different days, commits, machines or settings
 */
export function joined(parts: readonly BenchResult[]): BenchResult {
  const origin = ({ date, commit, quick, rounds, seconds, machine }: BenchResult): string =>
    JSON.stringify({ date, commit, quick, rounds, seconds, processor: machine.processor });
  const [first] = parts;
  if (first === undefined) throw new Error('join: expected the JSON files of parts of a run, got none');
  for (const part of parts)
    if (origin(part) !== origin(first))
      throw new Error(
        `join: expected parts of one run, ${origin(first)}, got ${origin(part)}; measure that part again`,
      );
  const results = new Map(parts.flatMap((part) => part.cases.map((each) => [each.case.id, each])));
  const contestants = new Map<string, ContestantResult>();
  for (const each of parts.flatMap((part) => part.contestants))
    if (each.absent === null || !contestants.has(each.id)) contestants.set(each.id, each);
  return {
    ...first,
    machine: { ...first.machine, [LOAD]: parts.map(({ machine }) => machine[LOAD]).join('; ') },
    contestants: [...contestants.values()],
    cases: cases.flatMap(({ id }) => results.get(id) ?? []),
  };
}
