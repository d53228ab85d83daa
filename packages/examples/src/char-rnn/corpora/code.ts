/** Code: TypeScript's own declaration files, `lib.*.d.ts`, which come with the compiler. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { atMost } from './at-most.ts';

/** Most characters taken. The files are 3.8 MB in all: the language's own come first, then the browser's, cut short. */
const MOST_CHARACTERS = 2_000_000;

/** The declarations, the language's before the browser's and by file name, cut at 2 million characters. */
export function code(): string {
  const folder = declarationFolder();
  const names = readdirSync(folder).filter((name) => /^lib\..*\.d\.ts$/.test(name));
  // By code unit: a locale's order would differ from machine to machine.
  names.sort((a, b) => Number(isBrowser(a)) - Number(isBrowser(b)) || (a < b ? -1 : 1));
  return atMost(MOST_CHARACTERS, names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n'));
}

function isBrowser(name: string): boolean {
  return /^lib\.(dom|webworker)\./.test(name);
}

/** TypeScript 7 keeps its library beside the native compiler, in a package for each platform that only it depends on. */
function declarationFolder(): string {
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
  const platform = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
  return join(createRequire(typescript).resolve(platform), '..', 'lib');
}
