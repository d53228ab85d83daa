import { readdirSync, readFileSync } from 'node:fs';
import { format } from 'node:util';
import * as autograd from '@chronograd/autograd';
import * as nn from '@chronograd/nn';
import * as probe from '@chronograd/nn/probe';
import * as testing from '@chronograd/nn/testing';
import * as tensor from '@chronograd/tensor';
import { transformSync } from 'esbuild';
import { expect, test } from 'vitest';

const folder = new URL('../../../docs/lessons/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const lessons = readdirSync(folder).filter((name) => /^\d.*\.md$/.test(name));
const packages: Readonly<Record<string, object>> = {
  '@chronograd/autograd': autograd,
  '@chronograd/nn': nn,
  '@chronograd/nn/probe': probe,
  '@chronograd/nn/testing': testing,
  '@chronograd/tensor': tensor,
};

/** The code of a lesson: all its blocks, one program. */
const codeOf = (page: string): string =>
  [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block!).join('');

/** Runs a program, and gives the lines that it prints, as Node would. */
function printedBy(code: string): string[] {
  const script = transformSync(code, { loader: 'ts', format: 'cjs', target: 'es2022' }).code;
  const lines: string[] = [];
  const console = { log: (...values: unknown[]) => lines.push(...format(...values).split('\n')) };
  new Function('require', 'console', script)((name: string) => packages[name], console);
  return lines.map((line) => line.trimEnd());
}

test.each(lessons)('docs/lessons/%s runs as it stands, and prints what it says', (name) => {
  const code = codeOf(read(name));
  const promised = [...code.matchAll(/\/\/ →(.*)/g)].map(([, line]) => line!.slice(1).trimEnd());
  expect(promised.length).toBeGreaterThan(10);
  expect(printedBy(code)).toEqual(promised);
});

test('There are seven lessons, numbered, in the table of contents, each with the questions that people ask', () => {
  expect(lessons.map((name) => name[0])).toEqual(['1', '2', '3', '4', '5', '6', '7']);
  const contents = read('README.md');
  for (const name of lessons) {
    expect(contents).toContain(`](${name})`);
    expect(read(name)).toContain('\n## Questions people ask\n');
  }
});
