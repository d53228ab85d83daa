/** Plots as files: each as SVG and PNG, for light pages and dark ones. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Figure, figureFile } from '../../plots/figure.ts';
import type { Theme } from '../../plots/theme.ts';
import type { PngTask } from '../common/thread.ts';

const THEMES: readonly Theme[] = ['light', 'dark'];

/** Writes a figure's SVG files. @returns the pictures that are to be written as PNG */
export function writeFigure(folder: string, figure: Figure): PngTask[] {
  mkdirSync(folder, { recursive: true });
  return THEMES.map((theme) => {
    const svg = figureFile(figure, theme);
    const name = `${figure.name}${figure.measured === true ? '.measured' : ''}.${theme}`;
    writeFileSync(join(folder, `${name}.svg`), svg);
    return { svg, file: join(folder, `${name}.png`) };
  });
}
