/** Reads and draws the results of a folder. Those that cannot be drawn are reported. */
import type { Experiment } from '../common/experiment.ts';
import type { ResultsFolder } from '../common/results.ts';
import { type Drawing, drawingsOf } from './files.ts';
import type { Section } from './section.ts';

/** A section with its drawings. */
export interface DrawnSection extends Section {
  readonly drawings: readonly Drawing[];
}

/** Results that cannot be drawn. */
export interface LeftOut {
  readonly experiment: string;
  /** The reason, with the file. */
  readonly why: string;
  readonly error: unknown;
}

/**
 * Draws all stored results. Those of another version may have any form, so errors are caught for
 * each.
 */
export function drawAll(
  experiments: readonly Experiment[],
  folder: ResultsFolder,
): { readonly sections: readonly DrawnSection[]; readonly leftOut: readonly LeftOut[] } {
  const sections: DrawnSection[] = [];
  const leftOut: LeftOut[] = [];
  for (const experiment of experiments) {
    let place = '';
    try {
      const results = folder.read(experiment.name, experiment.format);
      if (results === null) continue;
      const commit = results.made?.commit ?? null;
      const by = commit === null ? '' : `, computed by commit ${commit},`;
      place = `${folder.path}/${experiment.name}.json${by} cannot be drawn: `;
      const presentation = experiment.present(results.parts);
      const drawings = presentation.figures.flatMap(drawingsOf);
      sections.push({ experiment, results, presentation, drawings });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      leftOut.push({ experiment: experiment.name, why: `${place}${message}`, error });
    }
  }
  return { sections, leftOut };
}
