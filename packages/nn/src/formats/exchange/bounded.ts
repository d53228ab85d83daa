/**
 * Names, lists and shapes of a file in error messages: short, on one line, control characters
 * escaped.
 */
import { quoted } from '@chronograd/tensor/engine';

const MOST_ITEMS = 20;

/** A short plain name as it is, any other quoted. */
export function shownName(name: string): string {
  return /^[\w./-]{1,80}$/.test(name) ? name : quoted(name);
}

/** The first 20 items, and the number of those left out. */
export function listed(items: readonly string[], separator = ', '): string {
  if (items.length <= MOST_ITEMS) return items.join(separator);
  return `${items.slice(0, MOST_ITEMS).join(separator)}${separator}and ${items.length - MOST_ITEMS} more`;
}

/** A shape as `[2, 3]`, at most 20 sizes. */
export function listedShape(shape: readonly unknown[]): string {
  return `[${listed(shape.map((size) => String(size).slice(0, 20)))}]`;
}
