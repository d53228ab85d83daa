/** PNG files of drawings. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

/** Pixels of the file per pixel of the drawing. */
const PIXELS = 2;

/** The drawing as PNG. Only a bundled font is used, so that pixels are equal on every machine. */
export function rasterize(svg: string): Uint8Array {
  const folder = join(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json'), '..', 'ttf');
  const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSansMono.ttf'].map((name) =>
    join(folder, name),
  );
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: PIXELS } }).render().asPng();
}
