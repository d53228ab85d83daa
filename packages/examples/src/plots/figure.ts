/** Figures: panels side by side under one title, as SVG for a page and for files. */
import type { Panel } from './panel.ts';
import { element, escapeXml, words } from './svg.ts';
import { FONT, FONT_SIZE, paint, type Theme, withTheme } from './theme.ts';

/** A figure of the report. */
export interface Figure {
  /** Names its files; unique in the report. */
  readonly name: string;
  readonly title: string;
  /** What was found, computed from the data that are drawn. */
  readonly caption: string;
  readonly panels: readonly Panel[];
  /** Whether it shows times measured on this machine, which no second run repeats. */
  readonly measured?: boolean;
}

/** As wide as a figure gets; panels that do not fit beside one another stand below. */
export const FIGURE_WIDTH = 984;
const MARGIN = 12;
const GAP = 16;
const TITLE = 40;

/** Where a page has a figure's title and its caption: {@link drawFigure} refers to them. */
export const titleId = (name: string): string => `${name}-title`;
export const captionId = (name: string): string => `${name}-caption`;

/** A figure for a page that sets the colors' CSS variables, and has the title and the caption as elements of its own. */
export function drawFigure(figure: Figure): string {
  return drawn(figure, 0, '');
}

/** A figure for a file of its own, with its title and, for those who do not see it, the caption. */
export function figureFile(figure: Figure, theme: Theme): string {
  const { name, title, caption } = figure;
  const head = [
    element('title', { id: titleId(name) }, escapeXml(title)),
    element('desc', { id: captionId(name) }, escapeXml(caption)),
  ].join('');
  return `${withTheme(drawn(figure, TITLE, head), theme)}\n`;
}

/** @param top room for the title; none where it stands outside */
function drawn({ name, title, panels }: Figure, top: number, head: string): string {
  const { placed, height } = arrange(panels, Math.max(top, MARGIN));
  const parts = placed.map(({ panel, x, y }) =>
    element('svg', { x, y, width: panel.width, height: panel.height, overflow: 'visible' }, panel.content),
  );
  const total = height + MARGIN;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${FIGURE_WIDTH} ${total}`,
      width: FIGURE_WIDTH,
      height: total,
      role: 'img',
      'aria-labelledby': titleId(name),
      'aria-describedby': captionId(name),
      'font-family': FONT,
      'font-size': FONT_SIZE,
    },
    [
      head,
      element('rect', { width: FIGURE_WIDTH, height: total, fill: paint('page') }),
      top === 0
        ? ''
        : words(title, { x: MARGIN, y: 26, 'font-size': 17, 'font-weight': 'bold', fill: paint('text') }),
      ...parts,
    ].join(''),
  );
}

/** Panels in rows, from `top` downward. */
function arrange(
  panels: readonly Panel[],
  top: number,
): {
  placed: { panel: Panel; x: number; y: number }[];
  height: number;
} {
  const placed: { panel: Panel; x: number; y: number }[] = [];
  let [x, y, rowHeight] = [MARGIN, top, 0];
  for (const panel of panels) {
    if (x > MARGIN && x + panel.width > FIGURE_WIDTH - MARGIN)
      [x, y, rowHeight] = [MARGIN, y + rowHeight + GAP, 0];
    placed.push({ panel, x, y });
    x += panel.width + GAP;
    rowHeight = Math.max(rowHeight, panel.height);
  }
  return { placed, height: y + rowHeight };
}
