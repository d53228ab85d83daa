import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memory, Parameter, scope, tensor } from '../../src/index.ts';

const page = readFileSync(new URL('../../../../docs/memory.md', import.meta.url), 'utf8');

/** A line `expression // → what it gives`. */
const CLAIM = /^(\S.*?)\s+\/\/ → (.+)$/gm;

test('The block of docs/memory.md runs, and every line of it gives what is printed beside it', () => {
  const [, block] = /```ts\n([\s\S]*?)```/.exec(page)!;
  const claims = [...block!.matchAll(CLAIM)].map(([, , result]) => result);
  const code = block!.replace(CLAIM, 'give(() => ($1));');
  const given: string[] = [];
  const give = (act: () => unknown) => {
    try {
      given.push(JSON.stringify(act()));
    } catch (error) {
      given.push(String(error));
    }
  };
  const run = new Function('tensor', 'Parameter', 'scope', 'memory', 'give', code);
  run(tensor, Parameter, scope, memory, give);
  expect(claims.length).toBeGreaterThan(4);
  expect(given).toEqual(claims);
});

test('The page stays one page', () => {
  expect(page.split('\n').length).toBeLessThanOrEqual(120);
});
