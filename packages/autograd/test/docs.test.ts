import { readFileSync } from 'node:fs';
import * as autograd from '@chronograd/autograd';
import * as tensor from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';

/** The code blocks of docs/tape.md. Each prints, and says in a comment what. */
const page = readFileSync(new URL('../../../docs/tape.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code!);

/** Blocks are plain enough to be JavaScript: their imports become arguments. */
function run(code: string): string[] {
  const packages: Record<string, object> = { '@chronograd/autograd': autograd, '@chronograd/tensor': tensor };
  const imported: Record<string, unknown> = {};
  const body = code.replace(/import \{ (.*?) \} from '(.*?)';\n/g, (_, names: string, from: string) => {
    for (const name of names.split(', ')) imported[name] = (packages[from] as Record<string, unknown>)[name];
    return '';
  });
  const printed: string[] = [];
  const console = { log: (...values: unknown[]) => printed.push(values.map(show).join(' ')) };
  new Function('console', ...Object.keys(imported), body)(console, ...Object.values(imported));
  return printed;
}

const show = (value: unknown): string => (Array.isArray(value) ? `[ ${value.join(', ')} ]` : String(value));

describe('docs/tape.md', () => {
  test('has code', () => {
    expect(blocks).toHaveLength(4);
  });

  test.each(blocks.map((code) => [code.split('\n').at(-2), code]))('… %s', (_, code) => {
    const promised = [...code!.matchAll(/console\.log\(.*\); \/\/ (.*)/g)].map(([, comment]) => comment);
    expect(promised.length).toBeGreaterThan(0);
    expect(run(code!)).toEqual(promised);
  });
});
