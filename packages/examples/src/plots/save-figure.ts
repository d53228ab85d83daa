/** Writes a figure to files. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../cli/read-file.ts';
import { replaceFile } from '../cli/write-file.ts';
import { type Figure, figureFile } from './figure.ts';
import { rasterize } from './raster.ts';

/** Writes `PATH.svg` and `PATH.png`, and prints where. */
export function saveFigure(path: string, figure: Figure): void {
  const svg = figureFile(figure, 'light');
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(`${path}.svg`, svg);
    replaceFile(`${path}.png`, rasterize(svg));
  } catch (error) {
    throw fileError(error, `the figure ${path}`, 'write');
  }
  console.log(`figure in ${path}.svg and .png`);
}
