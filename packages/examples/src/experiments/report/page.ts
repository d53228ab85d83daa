/** The report as one HTML page that needs no other file. */
import { drawFigure } from '../../plots/figure.ts';
import { escapeXml } from '../../plots/svg.ts';
import { themeVariables } from '../../plots/theme.ts';
import type { Claim, Excerpt, Experiment, Presentation, Table } from '../common/experiment.ts';
import type { Results } from '../common/results.ts';
import { STYLE } from './style.ts';

/** An experiment that has run. */
export interface Section {
  readonly experiment: Experiment;
  readonly results: Results;
  readonly presentation: Presentation;
}

/** The page. @param remarks what a reader should know of how it was made */
export function page(sections: readonly Section[], remarks: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Chronograd: experiments</title>
<style>
:root{${themeVariables('light')}}
@media (prefers-color-scheme: dark){:root{${themeVariables('dark')}}}
${STYLE}
</style>
</head>
<body>
<main>
<h1>Recurrent networks, seen</h1>
<p>Gradient flow, hidden states and training of recurrent networks: everything here was computed by Chronograd in one command, and every sentence under a plot was computed from the data it shows.</p>
${remarks.map((remark) => `<p class="remark">${escapeXml(remark)}</p>`).join('\n')}
${contents(sections)}
${claims(sections)}
${sections.map(section).join('\n')}
</main>
</body>
</html>
`;
}

function contents(sections: readonly Section[]): string {
  const items = sections.map(({ experiment, presentation }) => {
    const first = presentation.findings[0] ?? '';
    return `<li><a href="#${experiment.name}">${escapeXml(experiment.title)}</a><br>${escapeXml(first)}</li>`;
  });
  return `<h2>What was found</h2>\n<ol class="contents">\n${items.join('\n')}\n</ol>`;
}

function claims(sections: readonly Section[]): string {
  const all = sections.flatMap(({ presentation }) => presentation.claims ?? []);
  if (all.length === 0) return '';
  const rows = all.map(
    (claim) =>
      `<tr><td>${escapeXml(claim.claim)}</td><td class="verdict">${verdict(claim)}</td><td>${escapeXml(claim.evidence)}</td></tr>`,
  );
  return `<h2>What the textbooks say, held against these data</h2>
<div class="wide"><table class="claims"><thead><tr><th>claim</th><th>held</th><th>numbers</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

function verdict({ held, of }: Claim): string {
  const word = held === of ? 'yes' : held === 0 ? 'no' : 'not always';
  return `${word}<br><small>${held} of ${of} runs</small>`;
}

function section({ experiment, results, presentation }: Section): string {
  const { findings, figures, tables = [], excerpts = [] } = presentation;
  return `<section id="${experiment.name}">
<h2>${escapeXml(experiment.title)}</h2>
<p class="question">${escapeXml(experiment.question)}</p>
<ul class="findings">
${findings.map((finding) => `<li>${escapeXml(finding)}</li>`).join('\n')}
</ul>
${figures.map((figure) => `<figure id="${figure.name}">\n${drawFigure(figure)}\n<figcaption>${escapeXml(figure.caption)}</figcaption>\n</figure>`).join('\n')}
${tables.map(table).join('\n')}
${excerpts.map(excerpt).join('\n')}
${configuration(results)}
</section>`;
}

function table({ title, head, rows, caption }: Table): string {
  const line = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join('')}</tr>`;
  const body = rows.map((cells) => line(cells, 'td')).join('\n');
  return `<div class="wide"><table><caption>${escapeXml(title)}</caption><thead>${line(head, 'th')}</thead><tbody>
${body}
</tbody></table></div>${caption === undefined ? '' : `\n<p class="note">${escapeXml(caption)}</p>`}`;
}

function excerpt({ title, text }: Excerpt): string {
  return `<h3>${escapeXml(title)}</h3>\n<pre>${escapeXml(text)}</pre>`;
}

/** What all parts have in common, and what they differ in. */
function configuration({ budget, parts }: Results): string {
  const configs = parts.map(({ config }) => config as Readonly<Record<string, unknown>>);
  const keys = [...new Set(configs.flatMap(Object.keys))];
  const lines = keys.map((key) => {
    const having = configs.filter((config) => key in config);
    const values = [...new Set(having.map((config) => JSON.stringify(config[key])))];
    return `<tr><td>${escapeXml(key)}</td><td>${escapeXml(values.join(', '))}</td></tr>`;
  });
  const seconds = parts.reduce((sum, { measured }) => sum + (measured.seconds ?? 0), 0);
  return `<details><summary>Configuration and seeds: ${parts.length} parts, budget ${budget}, ${seconds.toFixed(0)} s of computing</summary>
<table class="configuration"><tbody>
${lines.join('\n')}
</tbody></table></details>`;
}
