import { expect, test } from 'vitest';
import { serialize } from '../../src/plots/svg.ts';

/** A path as a DOM has it, written. */
function path(d: string): string {
  const attributes = [{ name: 'd', value: d }];
  return serialize({ nodeType: 1, tagName: 'path', attributes, childNodes: [] });
}

test('Numbers in attributes are rounded to hundredths, with their signs', () => {
  expect(path('M10.123-1.2345L-0.001,7')).toBe('<path d="M10.12-1.23L0,7"/>');
  expect(path('1e-7 1.5 12 .12345 2.5e+1')).toBe('<path d="0 1.5 12 0.12 25"/>');
});

test('An attribute of any length is read once', () => {
  const long = '1'.repeat(1e6);
  expect(path(long)).toBe(`<path d="${long}"/>`);
});
