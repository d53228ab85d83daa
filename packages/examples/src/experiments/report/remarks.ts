/** What a reader should know of how the results were made. */
import { groupBy } from '../common/groups.ts';
import { type Provenance, provenanceWords } from '../common/provenance.ts';
import { list } from '../common/words.ts';
import type { Section } from './page.ts';

/**
 * A sentence for each way in which results were made, named where there are several; what is left out, and where everything is.
 * @param leftOut which results are not drawn, and why
 */
export function remarksOf(sections: readonly Section[], leftOut: readonly string[] = []): string[] {
  const groups = groupBy(sections, ({ results: { budget, made } }) => JSON.stringify([budget, made]));
  const made = groups.map(([, members]) => {
    const { budget, made: makers } = members[0]!.results;
    const which = groups.length === 1 ? '' : `${list(members.map(({ experiment }) => experiment.title))}: `;
    return `${which}${sentence(makers, budget, secondsOf(members))}`;
  });
  return [
    ...made,
    ...leftOut.map((each) => `Left out: ${each}.`),
    'Every plot stands in plots/ as SVG and PNG, every number in results/ as JSON. report --redraw draws these results again and runs nothing.',
  ];
}

function sentence(made: Provenance | null, budget: string, seconds: number): string {
  const how = made === null ? 'it was not noted with what' : provenanceWords(made);
  return `Computed with the budget “${budget}”, ${seconds.toFixed(0)} seconds of it, all threads together; ${how}.`;
}

function secondsOf(sections: readonly Section[]): number {
  return sections
    .flatMap(({ results }) => results.parts)
    .reduce((sum, { measured }) => sum + (measured.seconds ?? 0), 0);
}
