/** The report as one HTML page that needs no other file. */
import { drawPanelSvg } from '../../plots/figure.ts';
import { escapeXml } from '../../plots/svg.ts';
import { adaptiveColors } from '../../plots/theme.ts';
import type { Claim } from '../common/experiment.ts';
import { type Section, section } from './section.ts';
import { STYLE } from './style.ts';

/** What a reader should know besides the results. */
export interface Remarks {
  /** How the results were computed, at the end of the page. */
  readonly made: readonly string[];
  /** Results that could not be drawn, at its top. */
  readonly missing: readonly string[];
}

export function page(sections: readonly Section[], { made, missing }: Remarks): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Chronograd: experiments</title>
<style>
${adaptiveColors()}
${STYLE}
</style>
</head>
<body>
<main>
<h1>Recurrent networks, seen</h1>
<p>Everything on this page was computed by Chronograd with one command.</p>
${paragraphs(missing)}
${contents(sections)}
${claims(sections)}
${sections.map(section).join('\n')}
<section aria-labelledby="made">
<h2 id="made">How these results were computed</h2>
${paragraphs(made)}
</section>
</main>
</body>
</html>
`;
}

const paragraphs = (texts: readonly string[]): string =>
  texts.map((text) => `<p class="remark">${escapeXml(text)}</p>`).join('\n');

/** A card for each experiment: a small plot, the title and the headline, linked to the section. */
function contents(sections: readonly Section[]): string {
  const cards = sections.map(({ experiment: { name, title }, presentation }) => {
    const thumbnail = presentation.thumbnail === undefined ? '' : drawPanelSvg(presentation.thumbnail);
    return `<li><a href="#${name}">${thumbnail}<b>${escapeXml(title)}</b><span>${escapeXml(presentation.headline)}</span></a></li>`;
  });
  return `<nav aria-label="Results">\n<ol class="cards">\n${cards.join('\n')}\n</ol>\n</nav>`;
}

/** One line for each claim, its verdict first. The evidence unfolds. */
function claims(sections: readonly Section[]): string {
  const all = sections.flatMap(({ presentation }) => presentation.claims ?? []);
  if (all.length === 0) return '';
  const head = ['holds', 'claim'].map((name) => `<th scope="col">${name}</th>`).join('');
  return `<section aria-labelledby="claims">
<h2 id="claims">Textbook claims, checked against these runs</h2>
<table class="claims"><thead><tr>${head}</tr></thead><tbody>
${all.map(claimRow).join('\n')}
</tbody></table>
</section>`;
}

function claimRow({ claim, held, of, counted = 'runs', evidence }: Claim): string {
  const verdict = held === of ? 'yes' : held === 0 ? 'no' : 'mixed';
  const sentences = evidence.map((each) => `<li>${escapeXml(each)}</li>`).join('');
  return `<tr class="${verdict}"><td>${verdict} <small>${held} of ${of} ${escapeXml(counted)}</small></td><th scope="row"><details><summary>${escapeXml(claim)}</summary><ul>${sentences}</ul></details></th></tr>`;
}
