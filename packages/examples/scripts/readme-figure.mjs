/**
 * Writes the figure of the README. After a build:
 *
 *     node packages/examples/scripts/readme-figure.mjs
 */
import { writeFileSync } from 'node:fs';
import { readmeFigure } from '../dist/experiments/readme-figure.js';

writeFileSync(new URL('../../../docs/gradient-flow.svg', import.meta.url), await readmeFigure());
