/** SVG as text. Equal drawings give equal bytes. */

/** The parts of the DOM that are used. */
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

/** Attributes whose numbers are not rounded. */
const WORDS = /^(aria-|font|class$|id$)/;

/**
 * Serializes an SVG element, with coordinates rounded to hundredths. Style sheets and classes are
 * dropped.
 */
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

/** Attributes of an element. Numbers are rounded, undefined ones are dropped. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element as text. @param inside its content, as text */
export function element(name: string, attributes: Attributes, inside = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(typeof value === 'number' ? hundredths(value) : value!)}"`)
    .join('');
  return inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>`;
}

/** A text element. */
export function svgText(text: string, attributes: Attributes): string {
  return element('text', attributes, escapeXml(text));
}

/** Escapes text for XML and HTML. */
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
