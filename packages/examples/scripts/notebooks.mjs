/**
 * Writes all lessons as notebooks for the Jupyter kernel of Deno. After a build:
 *
 *     node packages/examples/scripts/notebooks.mjs
 *
 * They are in `notebooks`, where Deno finds the packages of this repository. Add Deno's kernel to
 * Jupyter with `deno jupyter --install`.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notebookOf } from '../dist/lessons/notebook.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const lessons = join(root, 'docs/lessons');
const target = join(root, 'notebooks');

mkdirSync(target, { recursive: true });
for (const file of readdirSync(lessons).filter((name) => /^\d+-.*\.md$/.test(name))) {
  const notebook = notebookOf(readFileSync(join(lessons, file), 'utf8'), file);
  const name = file.replace(/md$/, 'ipynb');
  writeFileSync(join(target, name), `${JSON.stringify(notebook, null, 1)}\n`);
  console.log(`notebooks/${name}: ${notebook.cells.length} cells`);
}
