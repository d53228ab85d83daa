/** Positions of the text in a drawing, to test legibility. */
import { parseHTML } from 'linkedom';
import { FONT_SIZE } from '../../src/plots/theme.ts';

/** The box around some words, in pixels of the drawing. */
export interface Box {
  readonly words: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Dom {
  readonly tagName: string;
  readonly children: Iterable<Dom>;
  readonly textContent: string;
  getAttribute(name: string): string | null;
}

/**
 * Boxes of all words in an SVG, from the attributes of their ancestors; widths are those of
 * DejaVu Sans, on average.
 */
export function wordBoxes(svg: string): {
  readonly width: number;
  readonly height: number;
  readonly boxes: Box[];
} {
  const root = parseHTML(`<body>${svg}</body>`).document.querySelector('svg') as unknown as Dom;
  const boxes: Box[] = [];
  visit(root, { x: 0, y: 0, size: FONT_SIZE, anchor: 'start' }, boxes);
  return { width: Number(root.getAttribute('width')), height: Number(root.getAttribute('height')), boxes };
}

interface Around {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly anchor: string;
}

function visit(node: Dom, around: Around, boxes: Box[]): void {
  const [dx, dy] = /translate\(([-\d.]+),([-\d.]+)\)/
    .exec(node.getAttribute('transform') ?? '')
    ?.slice(1)
    .map(Number) ?? [0, 0];
  const size = Number(node.getAttribute('font-size') ?? around.size);
  const here: Around = {
    x: around.x + dx! + length(node.getAttribute('x'), size),
    y: around.y + dy! + length(node.getAttribute('y'), size),
    size,
    anchor: node.getAttribute('text-anchor') ?? around.anchor,
  };
  if (node.tagName.toLowerCase() === 'text') {
    const words = node.textContent;
    const width = [...words].length * size * 0.56;
    const left = here.x - (here.anchor === 'middle' ? width / 2 : here.anchor === 'end' ? width : 0);
    if (words !== '')
      boxes.push({
        words,
        left,
        right: left + width,
        top: here.y - size * 0.72,
        bottom: here.y + size * 0.05,
      });
    return;
  }
  for (const child of node.children) visit(child, here, boxes);
}

function length(attribute: string | null, size: number): number {
  if (attribute === null) return 0;
  return attribute.endsWith('em') ? Number.parseFloat(attribute) * size : Number(attribute);
}

/** Layout problems: text beyond the edge, and overlapping text. */
export function layoutProblems(svg: string): string[] {
  const { width, height, boxes } = wordBoxes(svg);
  const outside = boxes
    .filter(({ left, right, top, bottom }) => left < 0 || top < 0 || right > width || bottom > height)
    .map(({ words }) => `beyond the edge: ${words}`);
  const overlapping = boxes.flatMap((a, i) =>
    boxes
      .slice(i + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b) => `overlap: ${a.words} | ${b.words}`),
  );
  return [...outside, ...overlapping];
}
