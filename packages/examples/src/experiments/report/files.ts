/** Plots as files: each as SVG and PNG, for light pages and dark ones. */
import { join } from 'node:path';
import { makeDirectory, replaceFile } from '../../cli/write-file.ts';
import { type Figure, figureFile } from '../../plots/figure.ts';
import type { Theme } from '../../plots/theme.ts';
import type { PngTask } from '../common/thread.ts';

const THEMES: readonly Theme[] = ['light', 'dark'];

/** A drawing and the name of its files. */
export interface Drawing {
  readonly name: string;
  readonly svg: string;
}

/** A figure's drawings. */
export function drawingsOf(figure: Figure): Drawing[] {
  const name = `${figure.name}${figure.measured === true ? '.measured' : ''}`;
  return THEMES.map((theme) => ({ name: `${name}.${theme}`, svg: figureFile(figure, theme) }));
}

/** Writes SVG files. @returns the pictures that are to be written as PNG */
export function writeDrawings(folder: string, drawings: readonly Drawing[]): PngTask[] {
  makeDirectory(folder);
  return drawings.map(({ name, svg }) => {
    replaceFile(join(folder, `${name}.svg`), svg);
    return { svg, file: join(folder, `${name}.png`) };
  });
}
