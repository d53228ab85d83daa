/** Runs the code of a page of docs/. */
import { readFileSync } from 'node:fs';
import * as autograd from '@chronograd/autograd';
import * as tensor from '@chronograd/tensor';
import * as data from '../src/data/index.ts';
import * as nn from '../src/index.ts';
import * as probe from '../src/probe/index.ts';
import * as training from '../src/training/index.ts';

const packages: Readonly<Record<string, object>> = {
  '@chronograd/autograd': autograd,
  '@chronograd/nn': nn,
  '@chronograd/nn/data': data,
  '@chronograd/nn/probe': probe,
  '@chronograd/nn/training': training,
  '@chronograd/tensor': tensor,
};

const show = (value: unknown): string => (Array.isArray(value) ? `[ ${value.join(', ')} ]` : String(value));

/**
 * Runs the blocks of `docs/NAME` one after another. They may use `await`.
 * @returns what they printed, and what comments after a `console.log`, or alone on the lines after
 * one, say that they print
 */
export async function runPage(
  name: string,
): Promise<{ readonly printed: string[]; readonly promised: string[] }> {
  const page = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
  const code = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block!).join('');
  const imported: Record<string, unknown> = {};
  const body = code.replace(/import \{ (.*?) \} from '(.*?)';\n/g, (_, names: string, from: string) => {
    for (const each of names.split(', ')) imported[each] = (packages[from] as Record<string, unknown>)[each];
    return '';
  });
  const printed: string[] = [];
  const console = { log: (...values: unknown[]) => printed.push(values.map(show).join(' ')) };
  const run = new Function('console', ...Object.keys(imported), `return (async () => {${body}})()`);
  await run(console, ...Object.values(imported));
  const promised = [...code.matchAll(/(?:console\.log\(.*\); |^)\/\/ (.*)/gm)].map(([, comment]) => comment!);
  return { printed, promised };
}
