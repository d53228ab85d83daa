/** What a setting is: its flags, its values in presets, and the rule for its value. */
import { isDeepStrictEqual } from 'node:util';
import { oneOf, path } from '../cli/command-line.ts';
import { UsageError } from '../cli/errors.ts';

/**
 * `default` is the configuration of this program. The others reproduce teaching implementations of
 * character RNNs: NumPy programs in float64 that train on the whole text in one stream, with a
 * summed loss and Adagrad with 1e-8 inside the root.
 */
export const PRESET_NAMES = [
  'default',
  // Andrej Karpathy, 2015. Runs until it is stopped; here it ends after 100,000 windows.
  'min-char-rnn',
  'micro-rnn',
  'clear-rnn',
  'notebook',
  'day31-small',
  'day31-medium',
  'day31-large',
  'module05',
] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

/** A flag: `--hidden <n>`. Without a rule it is a switch. */
export interface Flag<T> {
  readonly flag: string;
  readonly help: string;
  readonly rule?: Rule<T>;
}

export interface Setting<T> extends Partial<Flag<T>> {
  readonly rule: Rule<T>;
  /** A second flag for the same setting, and the message if both are given. */
  readonly or?: Flag<T> & { readonly rule: Rule<T>; readonly conflict: string };
  /**
   * Values by preset. Missing ones are those of `min-char-rnn`, and if missing there, the default.
   */
  readonly presets: { readonly default: NoInfer<T> } & {
    readonly [P in Exclude<PresetName, 'default'>]?: NoInfer<T>;
  };
  /** A resumed run may change it: it decides how long the run goes on, or what is shown. */
  readonly resumable?: true;
  /** Its value in configurations that were saved before the setting existed. */
  readonly before?: NoInfer<T>;
}

export const setting = <T>(entry: Setting<T>): Setting<T> => entry;

/** What a setting accepts, on the command line and in a saved configuration. */
export interface Rule<T> {
  /** @throws UsageError with the flag, the text and what is expected */
  parse(flag: string, typed: string): T;
  /** Whether a value that was read from a file is valid. */
  accepts(value: unknown): boolean;
  /** A value as it is typed. */
  format(value: T): string;
  /** The accepted values in `--help`. Default: the placeholder of the flag. */
  readonly hint?: string;
}

/** Bounds of a number: `from` and `to` include the bound, `above` and `below` exclude it. */
interface Range {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
  readonly below?: number;
  readonly whole?: boolean;
  /** Between 0 and this, both excluded, there are no valid numbers. Default: 0. */
  readonly gap?: number;
}

/** A decimal number. Excludes what `Number` also accepts: spaces, 0x10, Infinity. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

export function number(range: Range): Rule<number> {
  const { whole = false, above, from = above, to, below, gap = 0 } = range;
  const accepts = (value: unknown): boolean =>
    typeof value === 'number' &&
    (whole ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
    value >= (from ?? Number.NEGATIVE_INFINITY) &&
    value !== above &&
    (value === 0 || value >= gap || gap === 0) &&
    value <= (to ?? Number.POSITIVE_INFINITY) &&
    value < (below ?? Number.POSITIVE_INFINITY);
  const least = gap > 0 ? `0, or from ${gap}` : from;
  const end = to === undefined ? `, below ${below}` : above === undefined ? ` to ${to}` : `, at most ${to}`;
  const bounds = `${gap > 0 ? '' : above === undefined ? 'from ' : 'above '}${least}${end}`;
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
