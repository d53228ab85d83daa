import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import type { Experiment, Presentation } from '../../../src/experiments/common/experiment.ts';
import { page } from '../../../src/experiments/report/page.ts';
import { figureFile } from '../../../src/plots/figure.ts';

const panel = { width: 300, height: 200, content: '<circle r="1"/>' };
const figure = { name: 'one-figure', title: 'A title', caption: 'What is drawn.', panels: [panel] };
const presentation: Presentation = {
  headline: 'It is so in half of the runs.',
  thumbnail: panel,
  findings: ['A finding.'],
  method: ['A method.'],
  figures: [figure, { ...figure, name: 'other-figure' }],
  tables: [{ title: 'A table', head: ['a', 'b'], rows: [['1', '2']] }],
  claims: [
    { claim: 'It is so', held: 1, of: 2, evidence: ['1 and 2.'] },
    { claim: 'It is always so', held: 2, of: 2, evidence: ['3.'] },
    { claim: 'It is never so', held: 0, of: 2, counted: 'medians', evidence: ['4.'] },
  ],
};

interface Dom {
  querySelector(selector: string): Dom | null;
  querySelectorAll(selector: string): Iterable<Dom>;
  getAttribute(name: string): string | null;
  closest(selector: string): Dom | null;
  readonly textContent: string;
}

const html = page(
  [
    {
      experiment: { name: 'one', title: 'One', question: 'Is it so? By which runs?' } as Experiment,
      results: { experiment: 'one', budget: 'tiny', made: null, parts: [] },
      presentation,
    },
  ],
  { made: ['How it was computed.'], missing: ['Left out: another.'] },
);
const { document } = parseHTML(html) as unknown as { document: Dom };

test('whatever points to an element by its id finds it, and no id comes twice', () => {
  const ids = [...document.querySelectorAll('[id]')].map((each) => each.getAttribute('id'));
  expect(new Set(ids).size).toBe(ids.length);
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'href']) {
    const pointing = [...document.querySelectorAll(`[${attribute}]`)];
    expect(pointing.length).toBeGreaterThan(0);
    for (const each of pointing) expect(ids).toContain(each.getAttribute(attribute)!.replace(/^#/, ''));
  }
});

test('a drawing is named by its heading and described by its caption', () => {
  const drawing = document.querySelector('#one-figure [role=img]')!;
  const text = (attribute: string): string =>
    document.querySelector(`#${drawing.getAttribute(attribute)}`)!.textContent;
  expect([text('aria-labelledby'), text('aria-describedby')]).toEqual(['A title', 'What is drawn.']);
  expect(document.querySelector('h3#one-figure-title')).not.toBeNull();
});

test('a drawing in a separate file has its name and description', () => {
  const alone = (parseHTML(`<body>${figureFile(figure, 'light')}</body>`) as unknown as { document: Dom })
    .document;
  const svg = alone.querySelector('svg')!;
  const text = (attribute: string): string =>
    alone.querySelector(`#${svg.getAttribute(attribute)}`)!.textContent;
  expect([text('aria-labelledby'), text('aria-describedby')]).toEqual(['A title', 'What is drawn.']);
});

test('headings of tables say what they head, and the contents are a place to navigate', () => {
  const scopes = [...document.querySelectorAll('th')].map((each) => each.getAttribute('scope'));
  expect(scopes.length).toBeGreaterThan(5);
  expect(new Set(scopes)).toEqual(new Set(['col', 'row']));
  expect(document.querySelector('nav')!.querySelector('ol a')!.getAttribute('href')).toBe('#one');
});

test('plots precede everything but a sentence: on the page, and in a section', () => {
  const before = (text: string, mark: string): string => text.slice(0, text.indexOf(mark));
  const body = html.slice(html.indexOf('<main>'));
  expect(before(body, '<svg').replace(/<[^>]*>/g, '').length).toBeLessThan(150);
  const section = html.slice(html.indexOf('<section id="one"'));
  expect(before(section, '<svg')).toContain('It is so in half of the runs.');
  expect(before(section, '<svg')).not.toContain('A finding.');
});

test('a card links its small plot and the headline to the section', () => {
  const card = document.querySelector('nav a')!;
  expect(card.querySelector('svg')).not.toBeNull();
  expect(card.textContent).toBe('OneIt is so in half of the runs.');
});

test('numbers, method and evidence are folded', () => {
  for (const text of ['A finding.', 'A method.', 'Is it so?', 'By which runs?', '1 and 2.']) {
    const item = [...document.querySelectorAll('li')].find(({ textContent }) => textContent === text)!;
    expect(item.closest('details')).not.toBeNull();
  }
});

test('a claim has its verdict first, with how many runs it held in', () => {
  const rows = [...document.querySelectorAll('.claims tbody tr')].map((row) =>
    [...row.querySelectorAll('td, summary')].map(({ textContent }) => textContent),
  );
  expect(rows).toEqual([
    ['mixed 1 of 2 runs', 'It is so'],
    ['yes 2 of 2 runs', 'It is always so'],
    ['no 0 of 2 medians', 'It is never so'],
  ]);
});
