/** Names, lists and shapes of a file in an error message: short, on one line, with control characters escaped. */
import { quoted } from '@chronograd/tensor/engine';

const MOST_ITEMS = 20;

/** A name as it is where it is short and plain, and quoted otherwise. */
export function shownName(name: string): string {
  return /^[\w./-]{1,80}$/.test(name) ? name : quoted(name);
}

/** The first 20 items, separated, and how many more there are. */
export function listed(items: readonly string[], separator = ', '): string {
  if (items.length <= MOST_ITEMS) return items.join(separator);
  return `${items.slice(0, MOST_ITEMS).join(separator)}${separator}and ${items.length - MOST_ITEMS} more`;
}

/** `[2, 3]`, of at most 20 sizes. */
export function listedShape(shape: readonly unknown[]): string {
  return `[${listed(shape.map((size) => String(size).slice(0, 20)))}]`;
}
