/** What a setting accepts, on the command line and in a saved configuration. */
import { isDeepStrictEqual } from 'node:util';
import { oneOf, path } from '../cli/command-line.ts';
import { UsageError } from '../cli/errors.ts';

export interface Rule<T> {
  /** @throws UsageError with the flag, the text and what is expected */
  parse(flag: string, typed: string): T;
  /** Whether a value that was read from a file is valid. */
  accepts(value: unknown): boolean;
  /** A value as it is typed. */
  format(value: T): string;
  /** What can be typed, for `--help`. Default: the placeholder of the flag says it. */
  readonly hint?: string;
}

/** Bounds of a number: `from` and `to` include the bound, `above` and `below` exclude it. */
interface Range {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
  readonly whole?: boolean;
}

/** A decimal number. Excludes what `Number` also accepts: spaces, 0x10, Infinity. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

export function number(range: Range): Rule<number> {
  const { whole = false, above, from = above, to, below } = range;
  const accepts = (value: unknown): boolean =>
    typeof value === 'number' &&
    (whole ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
    value >= (from ?? Number.NEGATIVE_INFINITY) &&
    value !== above &&
    value <= (to ?? Number.POSITIVE_INFINITY) &&
    value < (below ?? Number.POSITIVE_INFINITY);
  const bounds = above === undefined ? `from ${from} to ${to}` : `above ${above}, at most ${to}`;
  const parse = (flag: string, typed: string): number => {
    const value = DECIMAL.test(typed) ? Number(typed) : Number.NaN;
    if (accepts(value)) return value;
    throw new UsageError(`${flag} ${typed || "''"}: expected a ${whole ? 'whole ' : ''}number ${bounds}`);
  };
  return { parse, accepts, format: String };
}

export const whole = (from: number, to: number): Rule<number> => number({ from, to, whole: true });
export const positive = (to: number): Rule<number> => number({ above: 0, to });

/**
 * One of several names.
 * @param alternative for the message: what can be typed instead of a name
 */
export function choice<const T extends string>(names: readonly T[], alternative?: string): Rule<T> {
  return {
    parse: (flag, typed) => oneOf(flag, typed, names, alternative),
    accepts: (value) => typeof value === 'string' && names.some((name) => name === value),
    format: String,
    hint: names.join(', '),
  };
}

export const boolean: Rule<boolean> = {
  parse: (flag, typed) => oneOf(flag, typed, ['true', 'false']) === 'true',
  accepts: (value) => typeof value === 'boolean',
  format: String,
};

export const pathRule: Rule<string> = {
  parse: (flag, typed) => path(flag)(typed),
  accepts: (value) => typeof value === 'string',
  format: String,
};

/**
 * An object around the value of another rule.
 * @param key where the object holds the value
 */
export function wrapped<V, K extends string, T extends { readonly [P in K]: V }>(
  rule: Rule<V>,
  key: K,
  wrap: (value: V) => T,
): Rule<T> {
  return {
    parse: (flag, typed) => wrap(rule.parse(flag, typed)),
    accepts: (value) => {
      const inner = (value as Readonly<Record<string, unknown>> | null)?.[key];
      return rule.accepts(inner) && isDeepStrictEqual(value, wrap(inner as V));
    },
    format: (value) => rule.format(value[key]),
  };
}

/**
 * Null, or what another rule accepts.
 * @param word the text for null. Default: null cannot be typed.
 */
export function nullable<T>(rule: Rule<T>, word?: string): Rule<T | null> {
  return {
    parse: (flag, typed) => (typed === word ? null : rule.parse(flag, typed)),
    accepts: (value) => value === null || rule.accepts(value),
    format: (value) => (value === null ? 'none' : rule.format(value)),
  };
}
