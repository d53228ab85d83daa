/** Figures: panels side by side under one title, as SVG for a page and for files. */
import type { Panel } from './panel.ts';
import { type Attributes, element, escapeXml, svgText } from './svg.ts';
import {
  adaptiveColors,
  FONT,
  FONT_SIZE,
  paint,
  type Theme,
  textWidth,
  withFallbacks,
  withTheme,
} from './theme.ts';

/** A figure of the report. */
export interface Figure {
  /** Names its files. Unique in the report. */
  readonly name: string;
  readonly title: string;
  /** One or two sentences about what is drawn. */
  readonly caption: string;
  readonly panels: readonly Panel[];
  /**
   * True if it shows times measured on this machine, which no second run repeats. Default: false.
   */
  readonly measured?: boolean;
}

/** Width of a full row of panels. A panel that does not fit goes to the next row. */
export const FIGURE_WIDTH = 984;
/** A panel that is wider scrolls on a narrow page. */
const WIDE = 600;
const MARGIN = 12;
const GAP = 16;
const TITLE = 40;
const TITLE_SIZE = 17;

/** Ids of a figure's title and caption on a page. {@link figurePanels} refers to them. */
export const titleId = (name: string): string => `${name}-title`;
export const captionId = (name: string): string => `${name}-caption`;

/** The panels of a figure, an SVG element each, for a page that sets the colors' CSS variables. */
export function figurePanels({ panels }: Figure): string[] {
  return panels.map((panel) => drawPanelSvg(panel));
}

/** A panel as an SVG element. A wide one has the class `scrolls`. */
export function drawPanelSvg({ width, height, content }: Panel): string {
  return svg(width, height, { 'aria-hidden': 'true', class: width > WIDE ? 'scrolls' : undefined }, content);
}

/**
 * A figure as a file in the colors of one theme, with its title and, as description, the caption.
 */
export function figureFile(figure: Figure, theme: Theme): string {
  return `${withTheme(drawFigure(figure, ''), theme)}\n`;
}

/** A figure as a file that follows the reader's color scheme, light where it is unknown. */
export function adaptiveFigureFile(figure: Figure): string {
  return `${withFallbacks(drawFigure(figure, element('style', {}, adaptiveColors())))}\n`;
}

function drawFigure({ name, title, caption, panels }: Figure, style: string): string {
  const { placed, width: needed, height: bottom } = arrange(panels);
  const [width, height] = [Math.max(needed, 2 * MARGIN + textWidth(title, TITLE_SIZE)), bottom + MARGIN];
  const parts = placed.map(({ panel, x, y }) =>
    element('svg', { x, y, width: panel.width, height: panel.height, overflow: 'visible' }, panel.content),
  );
  const attributes = { role: 'img', 'aria-labelledby': titleId(name), 'aria-describedby': captionId(name) };
  return svg(
    width,
    height,
    attributes,
    [
      element('title', { id: titleId(name) }, escapeXml(title)),
      element('desc', { id: captionId(name) }, escapeXml(caption)),
      style,
      element('rect', { width, height, fill: paint('page') }),
      svgText(title, {
        x: MARGIN,
        y: 26,
        'font-size': TITLE_SIZE,
        'font-weight': 'bold',
        fill: paint('text'),
      }),
      ...parts,
    ].join(''),
  );
}

function svg(width: number, height: number, attributes: Attributes, content: string): string {
  const frame = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height };
  return element('svg', { ...frame, ...attributes, 'font-family': FONT, 'font-size': FONT_SIZE }, content);
}

interface Arrangement {
  readonly placed: readonly { readonly panel: Panel; readonly x: number; readonly y: number }[];
  readonly width: number;
  readonly height: number;
}

/** Panels in rows, below the title. */
function arrange(panels: readonly Panel[]): Arrangement {
  const placed: { panel: Panel; x: number; y: number }[] = [];
  let [x, y, rowHeight, width] = [MARGIN, TITLE, 0, 0];
  for (const panel of panels) {
    if (x > MARGIN && x + panel.width > FIGURE_WIDTH - MARGIN)
      [x, y, rowHeight] = [MARGIN, y + rowHeight + GAP, 0];
    placed.push({ panel, x, y });
    width = Math.max(width, x + panel.width + MARGIN);
    x += panel.width + GAP;
    rowHeight = Math.max(rowHeight, panel.height);
  }
  return { placed, width, height: y + rowHeight };
}
