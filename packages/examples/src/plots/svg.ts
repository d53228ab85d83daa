/** Drawings as text: the same drawing gives the same bytes. */

/** As much of a DOM as a drawing is read through. */
interface DomNode {
  readonly nodeType: number;
  readonly childNodes: Iterable<DomNode>;
  readonly textContent: string | null;
}
interface DomElement extends DomNode {
  readonly tagName: string;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
}

const ELEMENT = 1;
const TEXT = 3;

/** Attributes that hold words, whose numbers stay as they are. */
const WORDS = /^(aria-|font|class$|id$)/;

/** An SVG element and all in it as text, with coordinates rounded to hundredths of a pixel. Style sheets and classes are left out. */
export function serialize(node: unknown): string {
  const { nodeType } = node as DomNode;
  if (nodeType === TEXT) return escapeXml((node as DomNode).textContent ?? '');
  if (nodeType !== ELEMENT) return '';
  const element = node as DomElement;
  const name = element.tagName.toLowerCase() === 'clippath' ? 'clipPath' : element.tagName.toLowerCase();
  if (name === 'style') return '';
  const attributes = [...element.attributes]
    .filter((each) => each.name !== 'class')
    .map((each) => ` ${each.name}="${escapeXml(WORDS.test(each.name) ? each.value : rounded(each.value))}"`)
    .join('');
  const inside = [...element.childNodes].map(serialize).join('');
  return inside === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${inside}</${name}>`;
}

/** Attributes of an element written by hand; a number is rounded, what is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element. @param inside elements, already text. */
export function element(name: string, attributes: Attributes, inside = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(typeof value === 'number' ? hundredths(value) : value!)}"`)
    .join('');
  return inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`;
}

/** Words at a place. */
export function words(text: string, attributes: Attributes): string {
  return element('text', attributes, escapeXml(text));
}

/** Words made safe for XML and HTML. */
export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

function rounded(value: string): string {
  return value.replace(/-?(?<!\d)(?:\d*\.\d{3,}(e[-+]?\d+)?|\d+(\.\d+)?e[-+]?\d+)/g, (number) =>
    hundredths(Number(number)),
  );
}

function hundredths(value: number): string {
  return String(Math.round(value * 100) / 100 || 0);
}
