/** The link of the page: its whole state, compressed, after the `#`. Old links keep working. */
import { deflateSync, inflateSync, strFromU8, strToU8 } from 'fflate';
import { initialState, type LabState } from './state.ts';

/**
 * The version of the format is the first character. A link leaves out what equals the initial
 * state. So a changed default needs a new version, and old ones keep the defaults of their time.
 */
const VERSION = '1';
/** No link of the page is longer when it is inflated. Others are refused. */
const MOST_BYTES = 2_000_000;
/** Cells of a link. */
const MOST_ITEMS = 3;

/** @returns the text after `#`: what differs from the initial state */
export function encodeLink(state: LabState): string {
  const bytes = deflateSync(strToU8(JSON.stringify(difference(state, initialState))), { level: 9 });
  const text = btoa(String.fromCharCode(...bytes));
  return VERSION + text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @returns the state of a link, or null if it has no valid one */
export function decodeLink(hash: string): LabState | null {
  const text = hash.replace(/^#/, '');
  if (!text.startsWith(VERSION)) return null;
  try {
    const binary = atob(text.slice(1).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const inflated = inflateSync(bytes, { out: new Uint8Array(MOST_BYTES) });
    return merged(initialState, JSON.parse(strFromU8(inflated)));
  } catch {
    return null;
  }
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function difference(value: object, base: object): Plain {
  const entries = Object.entries(value).flatMap(([key, now]): [string, unknown][] => {
    const before = (base as Plain)[key];
    if (JSON.stringify(now) === JSON.stringify(before)) return [];
    return [[key, isPlain(now) && isPlain(before) ? difference(now, before) : now]];
  });
  return Object.fromEntries(entries);
}

/** A value of a link in place of the initial one, if it is of the same kind. */
function merged<T>(base: T, now: unknown): T {
  if (Array.isArray(base)) {
    const right = Array.isArray(now) && now.length > 0 && now.length <= MOST_ITEMS;
    if (!right || base.length === 0) return base;
    return now.map((item) => merged(base[0], item)) as T;
  }
  if (!isPlain(base)) return typeof now === typeof base ? (now as T) : base;
  if (!isPlain(now)) return base;
  const entries = Object.entries(base).map(([key, before]) => [key, merged(before, now[key])]);
  return Object.fromEntries(entries) as T;
}
