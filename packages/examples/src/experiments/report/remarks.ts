/** How the results of a page were computed. */
import { list } from '../../common/format.ts';
import { groupBy } from '../../common/groups.ts';
import { formatProvenance } from '../common/provenance.ts';
import type { Section } from './section.ts';

/** Sentences about provenance. Experiments that were computed in different ways are named. */
export function provenanceRemarks(sections: readonly Section[]): string[] {
  const groups = groupBy(sections, ({ results: { budget, made } }) => JSON.stringify([budget, made]));
  const made = groups.map(([, members]) => {
    const { budget, made: provenance } = members[0]!.results;
    const which = groups.length === 1 ? '' : `${list(members.map(({ experiment }) => experiment.title))}: `;
    const how = provenance === null ? 'Provenance was not recorded.' : `${formatProvenance(provenance)}.`;
    const seconds = secondsOf(members).toFixed(0);
    return `${which}Budget “${budget}”, ${seconds} seconds of processor time over all threads. ${how}`;
  });
  return [
    ...made,
    'Every plot is in plots/ as SVG and PNG, and every number in results/ as JSON.',
    'report --redraw draws these results again and runs nothing.',
  ];
}

function secondsOf(sections: readonly Section[]): number {
  return sections
    .flatMap(({ results }) => results.parts)
    .reduce((sum, { measured }) => sum + (measured.seconds ?? 0), 0);
}
