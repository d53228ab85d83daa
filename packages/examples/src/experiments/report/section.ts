/**
 * A section of the report: plots and a finding first; numbers, method and configuration in details.
 */
import { captionId, type Figure, figurePanels, titleId } from '../../plots/figure.ts';
import { escapeXml } from '../../plots/svg.ts';
import type { Excerpt, Experiment, Presentation, Table } from '../common/experiment.ts';
import type { KeptResults } from '../common/results.ts';

/** An experiment with its results and what they show. */
export interface Section {
  readonly experiment: Experiment;
  readonly results: KeptResults;
  readonly presentation: Presentation;
}

export function section({ experiment, results, presentation }: Section): string {
  const { name, title, question } = experiment;
  const { headline, findings, figures, method = [], tables = [], excerpts = [] } = presentation;
  const numbers = [listOf(findings), ...tables.map((each, i) => table(each, `${name}-table-${i + 1}`))];
  return `<section id="${name}" aria-labelledby="${titleId(name)}">
<h2 id="${titleId(name)}">${escapeXml(title)}</h2>
<p class="finding">${escapeXml(headline)}</p>
${figures.map(figureOf).join('\n')}
${excerpts.map(excerpt).join('\n')}
${details('Numbers and spread', numbers.join('\n'))}
${details('Method', listOf([...sentencesOf(question), ...method]))}
${configuration(results)}
</section>`;
}

function figureOf(figure: Figure): string {
  const { name, title, caption } = figure;
  return `<h3 id="${titleId(name)}">${escapeXml(title)}</h3>
<figure id="${name}" aria-labelledby="${titleId(name)}">
<div class="panels" role="img" aria-labelledby="${titleId(name)}" aria-describedby="${captionId(name)}">
${figurePanels(figure).map(scrolled).join('\n')}
</div>
<figcaption id="${captionId(name)}">${escapeXml(caption)}</figcaption>
</figure>`;
}

/** On a narrow page a wide panel scrolls, so that its text stays legible. */
function scrolled(panel: string): string {
  return `<div class="panel">${panel}</div>`;
}

function details(summary: string, content: string): string {
  return `<details><summary>${escapeXml(summary)}</summary>\n${content}\n</details>`;
}

function listOf(items: readonly string[]): string {
  return `<ul>\n${items.map((item) => `<li>${escapeXml(item)}</li>`).join('\n')}\n</ul>`;
}

/** Sentences end with a mark that a capital letter follows. */
function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.?]) (?=\p{Lu})/u);
}

function table({ title, head, rows, caption }: Table, id: string): string {
  const columns = head.map((cell) => `<th scope="col">${escapeXml(cell)}</th>`).join('');
  const body = rows
    .map(([first = '', ...cells]) => {
      const others = cells.map((cell) => `<td>${escapeXml(cell)}</td>`).join('');
      return `<tr><th scope="row">${escapeXml(first)}</th>${others}</tr>`;
    })
    .join('\n');
  return `<div class="wide" role="region" aria-labelledby="${id}" tabindex="0"><table><caption id="${id}">${escapeXml(title)}</caption><thead><tr>${columns}</tr></thead><tbody>
${body}
</tbody></table></div>${caption === undefined ? '' : `\n<p class="note">${escapeXml(caption)}</p>`}`;
}

function excerpt({ title, text }: Excerpt): string {
  return `<h3>${escapeXml(title)}</h3>\n<pre>${escapeXml(text)}</pre>`;
}

/** Each key of the configurations with the values that it takes. */
function configuration({ budget, parts }: KeptResults): string {
  const configs = parts.map(({ config }) => config as Readonly<Record<string, unknown>>);
  const keys = [...new Set(configs.flatMap(Object.keys))];
  const lines = keys.map((key) => {
    const having = configs.filter((config) => key in config);
    const values = [...new Set(having.map((config) => JSON.stringify(config[key])))];
    return `<tr><th scope="row">${escapeXml(key)}</th><td>${escapeXml(values.join(', '))}</td></tr>`;
  });
  const seconds = parts.reduce((sum, { measured }) => sum + (measured.seconds ?? 0), 0);
  return details(
    `Configuration and seeds: ${parts.length} parts, budget ${budget}, ${seconds.toFixed(0)} s of processor time`,
    `<table class="configuration"><tbody>\n${lines.join('\n')}\n</tbody></table>`,
  );
}
