/** Saves texts and figures as files. */

/** Offers a file to the user. */
export function saveFile(name: string, content: BlobPart, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The style properties of a figure that the page's style sheet sets. */
const STYLED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font', 'text-anchor'];

/** A figure with its styles inside, so that it looks the same outside of the page. */
function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = [svg, ...svg.querySelectorAll('*')];
  for (const [i, element] of [copy, ...copy.querySelectorAll('*')].entries()) {
    const style = getComputedStyle(originals[i]!);
    // As a style: it replaces one that reads the page's variables, and `font` is no attribute.
    const values = STYLED.map((name) => `${name}:${style.getPropertyValue(name)}`);
    if (element === copy) values.push(`background:${getComputedStyle(document.body).backgroundColor}`);
    element.setAttribute('style', values.join(';'));
  }
  const { width, height } = svg.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return new XMLSerializer().serializeToString(copy);
}

/** Saves the text of a figure. */
export const saveSvgText = (text: string, name: string): void =>
  saveFile(`${name}.svg`, text, 'image/svg+xml');

export const saveSvg = (svg: SVGSVGElement, name: string): void => saveSvgText(standalone(svg), name);

/** Pixels of a PNG for each unit of the figure. */
const SCALE = 2;

/** Saves the text of a figure as an image. */
export async function savePngText(text: string, width: number, height: number, name: string): Promise<void> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => blob !== null && saveFile(`${name}.png`, blob, 'image/png'));
}

export function savePng(svg: SVGSVGElement, name: string): Promise<void> {
  const { width, height } = svg.viewBox.baseVal;
  return savePngText(standalone(svg), width, height, name);
}
