import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Experiment, Presentation } from '../../src/experiments/common/experiment.ts';
import { type Results, resultsJson } from '../../src/experiments/common/results.ts';
import { type Execute, runExperiments, runPart } from '../../src/experiments/common/runner.ts';
import { EXPERIMENTS } from '../../src/experiments/index.ts';
import { page } from '../../src/experiments/report/page.ts';
import { drawPanelSvg, figureFile, figurePanels } from '../../src/plots/figure.ts';
import { layoutProblems } from '../plots/layout.ts';

/** Here and now, as a worker thread would. */
const here: Execute = async ({ experiment, config }) => runPart(found(experiment), config);

/** The same, but every other part ends last. */
const outOfOrder: Execute = async (task) => {
  const done = await here(task);
  if (JSON.stringify(task.config).length % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return done;
};

function found(name: string): Experiment {
  const experiment = EXPERIMENTS.find((each) => each.name === name);
  if (experiment === undefined) throw new Error(name);
  return experiment;
}

async function run(execute: Execute): Promise<Map<string, Results>> {
  const all = new Map<string, Results>();
  await runExperiments(EXPERIMENTS, 'tiny', execute, (results) => all.set(results.experiment, results));
  return all;
}

const first = await run(here);
const presentationOf = (name: string): Presentation => found(name).present(first.get(name)!.parts);

/**
 * Words that a person can read: nothing missing at either end or between, nothing that stands for
 * no value.
 */
const WITHIN = String.raw`(?!.*(?:NaN|undefined|null|Infinity|\[object| {2}| [,.;:)]|,[,.;:)]))`;
const SENTENCE = new RegExp(`^${WITHIN}[\\p{L}\\p{N}“‖√].*[^\\s,;:(][.?]$`, 'u');

test('the same seeds give the same bytes, results and drawings, in whatever order parts end', async () => {
  const second = await run(outOfOrder);
  for (const experiment of EXPERIMENTS) {
    const [one, two] = [first.get(experiment.name)!, second.get(experiment.name)!];
    expect(resultsJson(two)).toBe(resultsJson(one));
    const drawn = ({ parts }: Results): string[] =>
      experiment
        .present(parts)
        .figures.filter(({ measured }) => measured !== true)
        .map((figure) => figureFile(figure, 'dark'));
    expect(drawn(two)).toEqual(drawn(one));
  }
});

test('results hold no times: those of two machines can be compared byte by byte', () => {
  for (const results of first.values()) expect(resultsJson(results)).not.toMatch(/"(measured|seconds)"/);
});

test.each(EXPERIMENTS.map((experiment) => experiment.name))(
  '%s draws figures in which no words overlap or leave the page',
  (name) => {
    const { figures, thumbnail } = presentationOf(name);
    for (const figure of figures) {
      const [file, ...panels] = [figureFile(figure, 'light'), ...figurePanels(figure)];
      for (const svg of [file, ...panels]) {
        expect({ figure: figure.name, problems: layoutProblems(svg) }).toEqual({
          figure: figure.name,
          problems: [],
        });
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      }
      expect(file).not.toContain('var(');
    }
    expect(thumbnail, 'thumbnail').toBeDefined();
    expect(layoutProblems(drawPanelSvg(thumbnail!))).toEqual([]);
    expect(thumbnail!.width).toBeLessThanOrEqual(330);
  },
);

/** Sentences of a text: they end with a mark that a space follows. */
const sentencesOf = (text: string): string[] => text.split(/(?<=[.?!]) /);

test.each(EXPERIMENTS.map((experiment) => experiment.name))(
  '%s is described in sentences of 25 words at most',
  (name) => {
    const { headline, findings, figures, method = [], tables = [], claims = [] } = presentationOf(name);
    expect(findings.length).toBeGreaterThan(0);
    const captions = [...figures, ...tables].flatMap(({ caption }) => caption ?? []);
    const evidence = claims.flatMap((claim) => claim.evidence);
    const texts = [headline, ...findings, ...captions, ...method, ...evidence, found(name).question];
    for (const text of texts) {
      expect(text).toMatch(SENTENCE);
      for (const sentence of sentencesOf(text))
        expect({
          sentence,
          words: sentence.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word)).length <= 25,
        }).toEqual({ sentence, words: true });
    }
    expect(sentencesOf(headline)).toHaveLength(1);
    for (const { claim, held, of, evidence } of claims) {
      expect(claim).toMatch(/^\p{Lu}\S.*[\p{L}\p{N})]$/u);
      expect(claim.length).toBeLessThanOrEqual(105); // one line
      expect(evidence.join(' ')).toMatch(/\d/);
      expect([of > 0, held >= 0, held <= of, Number.isInteger(held), Number.isInteger(of)]).not.toContain(
        false,
      );
    }
  },
);

/** The format of each experiment, and a digest of the form of its results in it: see `formOf`. */
const FORMATS: Readonly<Record<string, string>> = {
  training: '1: 9d1ec260bca1',
  'gradient-flow': '1: 796c81fe588c',
  initialization: '1: c1c982fc1faa',
  'learning-rate': '1: 253d8d30c633',
  'sequence-length': '1: e154786ee89e',
  clipping: '1: 3b17a29bd434',
  architectures: '1: 016496870486',
  memory: '1: fce2d766eb47',
  'hidden-states': '1: 70a001f69f22',
  'manual-gradients': '1: faa2f2cc07ce',
};

/**
 * What names there are and what kinds of values, without the values. A number that is not finite is
 * null, and says nothing of the form.
 */
function formOf(data: unknown): string {
  if (Array.isArray(data)) return `[${[...new Set(data.map(formOf))].sort().join('|')}]`;
  if (typeof data !== 'object' || data === null) return data === null ? 'number' : typeof data;
  return `{${Object.entries(data)
    .map(([key, value]) => `${key}:${formOf(value)}`)
    .sort()
    .join(',')}}`;
}

// Where this fails, results that people keep have another form: raise the experiment's `format`,
// and write both here.
test.each(EXPERIMENTS.map(({ name }) => name))(
  'Results of %s have the form that their format stands for',
  (name) => {
    const form = formOf(JSON.parse(resultsJson(first.get(name)!)));
    const digest = createHash('sha256').update(form).digest('hex').slice(0, 12);
    expect(`${found(name).format ?? 1}: ${digest}`).toBe(FORMATS[name]);
  },
);

test('the page names every experiment, needs no other file, and no two figures share a name', () => {
  const sections = EXPERIMENTS.map((experiment) => {
    const results = first.get(experiment.name)!;
    return {
      experiment,
      results: { ...results, made: null },
      presentation: experiment.present(results.parts),
    };
  });
  const html = page(sections, { made: ['A remark.'], missing: [] });
  for (const { title } of EXPERIMENTS) expect(html).toContain(title);
  expect(html).not.toMatch(/(src|href)="(?!#)/);
  expect(html).not.toMatch(/undefined|NaN/);
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const names = sections.flatMap(({ presentation }) => presentation.figures.map((figure) => figure.name));
  expect(new Set(names).size).toBe(names.length);
});
