/** The report as one HTML page that needs no other file. */
import { captionId, drawFigure, type Figure, titleId } from '../../plots/figure.ts';
import { escapeXml } from '../../plots/svg.ts';
import { themeVariables } from '../../plots/theme.ts';
import type { Claim, Excerpt, Experiment, Presentation, Table } from '../common/experiment.ts';
import type { KeptResults } from '../common/results.ts';
import { STYLE } from './style.ts';

/** An experiment that has run. */
export interface Section {
  readonly experiment: Experiment;
  readonly results: KeptResults;
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
  return `<nav aria-labelledby="contents">\n<h2 id="contents">What was found</h2>\n<ol class="contents">\n${items.join('\n')}\n</ol>\n</nav>`;
}

function claims(sections: readonly Section[]): string {
  const all = sections.flatMap(({ presentation }) => presentation.claims ?? []);
  if (all.length === 0) return '';
  const rows = all.map(
    (claim) =>
      `<tr><th scope="row">${escapeXml(claim.claim)}</th><td class="verdict">${verdict(claim)}</td><td>${escapeXml(claim.evidence)}</td></tr>`,
  );
  return `<h2 id="claims">What the textbooks say, held against these data</h2>
<div class="wide" role="region" aria-labelledby="claims" tabindex="0"><table class="claims"><thead><tr>${['claim', 'held', 'numbers'].map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table></div>`;
}

function verdict({ held, of, counted = 'runs' }: Claim): string {
  const word = held === of ? 'yes' : held === 0 ? 'no' : 'not always';
  return `${word}<br><small>${held} of ${of} ${escapeXml(counted)}</small>`;
}

function section({ experiment, results, presentation }: Section): string {
  const { findings, figures, tables = [], excerpts = [] } = presentation;
  return `<section id="${experiment.name}" aria-labelledby="${titleId(experiment.name)}">
<h2 id="${titleId(experiment.name)}">${escapeXml(experiment.title)}</h2>
<p class="question">${escapeXml(experiment.question)}</p>
<ul class="findings">
${findings.map((finding) => `<li>${escapeXml(finding)}</li>`).join('\n')}
</ul>
${figures.map(figureOf).join('\n')}
${tables.map((each, i) => table(each, `${experiment.name}-table-${i + 1}`)).join('\n')}
${excerpts.map(excerpt).join('\n')}
${configuration(results)}
</section>`;
}

function figureOf(figure: Figure): string {
  const { name, title, caption } = figure;
  return `<h3 id="${titleId(name)}">${escapeXml(title)}</h3>
<figure id="${name}" aria-labelledby="${titleId(name)}">
${drawFigure(figure)}
<figcaption id="${captionId(name)}">${escapeXml(caption)}</figcaption>
</figure>`;
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

/** What all parts have in common, and what they differ in. */
function configuration({ budget, parts }: KeptResults): string {
  const configs = parts.map(({ config }) => config as Readonly<Record<string, unknown>>);
  const keys = [...new Set(configs.flatMap(Object.keys))];
  const lines = keys.map((key) => {
    const having = configs.filter((config) => key in config);
    const values = [...new Set(having.map((config) => JSON.stringify(config[key])))];
    return `<tr><th scope="row">${escapeXml(key)}</th><td>${escapeXml(values.join(', '))}</td></tr>`;
  });
  const seconds = parts.reduce((sum, { measured }) => sum + (measured.seconds ?? 0), 0);
  return `<details><summary>Configuration and seeds: ${parts.length} parts, budget ${budget}, ${seconds.toFixed(0)} s of computing</summary>
<table class="configuration"><tbody>
${lines.join('\n')}
</tbody></table></details>`;
}
