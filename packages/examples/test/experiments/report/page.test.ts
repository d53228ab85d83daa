import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import type { Experiment, Presentation } from '../../../src/experiments/common/experiment.ts';
import { page } from '../../../src/experiments/report/page.ts';
import { figureFile } from '../../../src/plots/figure.ts';

const figure = { name: 'one-figure', title: 'A title', caption: 'What was found.', panels: [] };
const presentation: Presentation = {
  findings: ['A finding.'],
  figures: [figure, { ...figure, name: 'other-figure' }],
  tables: [{ title: 'A table', head: ['a', 'b'], rows: [['1', '2']] }],
  claims: [{ claim: 'It is so', held: 1, of: 2, evidence: '1 and 2' }],
};

interface Dom {
  querySelector(selector: string): Dom | null;
  querySelectorAll(selector: string): Iterable<Dom>;
  getAttribute(name: string): string | null;
  readonly textContent: string;
}

const { document } = parseHTML(
  page(
    [
      {
        experiment: { name: 'one', title: 'One', question: 'Is it so?' } as Experiment,
        results: { experiment: 'one', budget: 'tiny', made: null, parts: [] },
        presentation,
      },
    ],
    [],
  ),
) as unknown as { document: Dom };

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
  const svg = document.querySelector('#one-figure svg')!;
  const text = (attribute: string): string =>
    document.querySelector(`#${svg.getAttribute(attribute)}`)!.textContent;
  expect([text('aria-labelledby'), text('aria-describedby')]).toEqual(['A title', 'What was found.']);
  expect(document.querySelector('h3#one-figure-title')).not.toBeNull();
});

test('a drawing in a file of its own holds its name and its description', () => {
  const alone = (parseHTML(`<body>${figureFile(figure, 'light')}</body>`) as unknown as { document: Dom })
    .document;
  const svg = alone.querySelector('svg')!;
  const text = (attribute: string): string =>
    alone.querySelector(`#${svg.getAttribute(attribute)}`)!.textContent;
  expect([text('aria-labelledby'), text('aria-describedby')]).toEqual(['A title', 'What was found.']);
});

test('headings of tables say what they head, and the contents are a place to navigate', () => {
  const scopes = [...document.querySelectorAll('th')].map((each) => each.getAttribute('scope'));
  expect(scopes.length).toBeGreaterThan(5);
  expect(new Set(scopes)).toEqual(new Set(['col', 'row']));
  expect(document.querySelector('nav')!.querySelector('ol a')!.getAttribute('href')).toBe('#one');
});
