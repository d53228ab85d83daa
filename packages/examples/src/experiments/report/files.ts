/** Plots as files: SVG and PNG, in light and dark colors. */
import { join } from 'node:path';
import { makeDirectory, replaceFile } from '../../cli/write-file.ts';
import { type Figure, figureFile } from '../../plots/figure.ts';
import type { Theme } from '../../plots/theme.ts';
import type { PngTask } from '../common/thread.ts';

const THEMES: readonly Theme[] = ['light', 'dark'];

/** A drawing and the base name of its files. */
export interface Drawing {
  readonly name: string;
  readonly svg: string;
}

/** A figure in both themes. */
export function drawingsOf(figure: Figure): Drawing[] {
  const name = `${figure.name}${figure.measured === true ? '.measured' : ''}`;
  return THEMES.map((theme) => ({ name: `${name}.${theme}`, svg: figureFile(figure, theme) }));
}

/** Writes SVG files. @returns the PNG files to write */
export function writeDrawings(folder: string, drawings: readonly Drawing[]): PngTask[] {
  makeDirectory(folder);
  return drawings.map(({ name, svg }) => {
    replaceFile(join(folder, `${name}.svg`), svg);
    return { svg, file: join(folder, `${name}.png`) };
  });
}
