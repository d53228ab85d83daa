/** The declarations that the editor's types need, as one file: TypeScript's library and ours. */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = fileURLToPath(new URL('../..', import.meta.url));
const library = dirname(createRequire(import.meta.url).resolve('typescript'));
/** The newest part of the language's library. It refers to the older ones. */
const LIBRARY = 'lib.es2023.d.ts';

/** A file of the library and all that it refers to, by path. */
function libraryFiles(name, found = {}) {
  const path = `/lib/${name}`;
  if (path in found) return found;
  found[path] = readFileSync(join(library, name), 'utf8');
  for (const [, other] of found[path].matchAll(/<reference lib="([^"]+)"/g))
    libraryFiles(`lib.${other}.d.ts`, found);
  return found;
}

/** The built declarations of a package, where TypeScript looks for them. */
function packageFiles(name) {
  const folder = join(packages, name);
  const home = `/node_modules/@chronograd/${name}`;
  const declarations = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.d.ts'))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  return {
    [`${home}/package.json`]: readFileSync(join(folder, 'package.json'), 'utf8'),
    ...Object.fromEntries(
      declarations.map((file) => [
        `${home}/dist/${file}`,
        readFileSync(join(folder, 'dist', file), 'utf8').replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'),
      ]),
    ),
  };
}

/** Texts by path. */
export const typeFiles = () => ({
  ...libraryFiles(LIBRARY),
  ...Object.assign({}, ...['tensor', 'autograd', 'nn'].map(packageFiles)),
});
