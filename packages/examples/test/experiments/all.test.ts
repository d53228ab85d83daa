import { expect, test } from 'vitest';
import type { Experiment } from '../../src/experiments/common/experiment.ts';
import { type Results, resultsJson } from '../../src/experiments/common/results.ts';
import { type Execute, runExperiments, runPart } from '../../src/experiments/common/runner.ts';
import { EXPERIMENTS } from '../../src/experiments/index.ts';
import { page } from '../../src/experiments/report/page.ts';
import { drawFigure, figureFile } from '../../src/plots/figure.ts';
import { troubles } from '../plots/layout.ts';

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
    const { figures, findings, claims = [] } = found(name).present(first.get(name)!.parts);
    expect(findings.length).toBeGreaterThan(0);
    for (const figure of figures) {
      const svg = drawFigure(figure);
      expect({ figure: figure.name, troubles: troubles(svg) }).toEqual({ figure: figure.name, troubles: [] });
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      expect(figureFile(figure, 'light')).not.toContain('var(');
    }
    for (const { held, of } of claims) expect(held).toBeLessThanOrEqual(of);
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
  const html = page(sections, ['A remark.']);
  for (const { title } of EXPERIMENTS) expect(html).toContain(title);
  expect(html).not.toMatch(/(src|href)="(?!#)/);
  expect(html).not.toMatch(/undefined|NaN/);
  const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const names = sections.flatMap(({ presentation }) => presentation.figures.map((figure) => figure.name));
  expect(new Set(names).size).toBe(names.length);
});
