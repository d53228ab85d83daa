import { deflateSync, strToU8 } from 'fflate';
import { expect, test } from 'vitest';
import { decodeLink, encodeLink } from '../../src/shell/link.ts';
import { initialState, type LabState } from '../../src/shell/state.ts';

/** A link with any content. */
const linkOf = (content: unknown): string =>
  `#1${Buffer.from(deflateSync(strToU8(JSON.stringify(content)))).toString('base64url')}`;

const changed: LabState = {
  ...initialState,
  cells: [
    { name: 'Mine', code: 'export class Mine {} // α → ω\n' },
    { name: 'Other', code: '// other' },
  ],
  panel: 'train',
  throughTime: { ...initialState.throughTime, radius: 1.1, steps: 100 },
};

test('a link gives back the state that it was made of', () => {
  expect(decodeLink(`#${encodeLink(changed)}`)).toEqual(changed);
  expect(decodeLink(`#${encodeLink(initialState)}`)).toEqual(initialState);
});

test('a link holds only what differs from the initial state', () => {
  expect(encodeLink(initialState).length).toBeLessThan(8);
});

// Version 1 as it was on 1 December 2026. It must never change.
const OLD =
  '1RY4_CsIwGMWv8vHmYNu1dxAXN3UI7YcJxCQkKQghq-DqTbyI3sGTmDjY7f37wcuY2JiI8ZBh5YUxYqstQ2Byc3N89S4kmoyMkVpFuVDX0etJn9uD3vejRRF_eJcUh5WuQ_dLyknAS8umhilIbesmqeCWs9rrRmYEOeulPhk2g0BM7Jvu-1K-';

test('a link of version 1 opens as it did', () => {
  expect(decodeLink(`#${OLD}`)).toMatchObject({
    cells: changed.cells,
    panel: 'train',
    throughTime: { radius: 1.1, steps: 100 },
  });
});

test.each([
  ['no link', ''],
  ['another version', '#9abc'],
  ['no base64', '#1*'],
  ['no deflated text', '#1AAAA'],
  ['no JSON', `#1${Buffer.from(deflateSync(strToU8('{'))).toString('base64url')}`],
])('%s gives no state', (_, hash) => {
  expect(decodeLink(hash)).toBeNull();
});

test('a link of more than two million bytes is refused', () => {
  expect(decodeLink(linkOf({ panel: 'x'.repeat(2_100_000) }))).toBeNull();
});

test.each([
  { panel: 3 },
  { cells: [] },
  { cells: 'text' },
  { cells: [1, 2, 3, 4] },
  { throughTime: null },
  { throughTime: { steps: '60' } },
  { unknown: true },
  [],
  null,
])('a link with %j gives the initial state: values of another kind are left out', (content) => {
  expect(decodeLink(linkOf(content))).toEqual(initialState);
});

test('a cell of a link without its code has the initial one', () => {
  const [cell] = initialState.cells;
  expect(decodeLink(linkOf({ cells: [{ name: 'A' }, 7] }))?.cells).toEqual([{ ...cell, name: 'A' }, cell]);
});
