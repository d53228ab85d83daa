/** Numbers that a person typed, or that stand in a saved configuration: what is allowed, and how it is said. */
import { UsageError } from './usage-error.ts';

/** The numbers a setting takes: from `least` to `most`, both included unless `above` says that `least` itself is not. */
export interface NumberRule {
  readonly least: number;
  readonly most: number;
  readonly above?: true;
  readonly whole: boolean;
}

const whole = (least: number, most: number): NumberRule => ({ least, most, whole: true });
const positive = (most: number): NumberRule => ({ least: 0, most, above: true, whole: false });

/** The settings that are numbers. */
export type NumberName =
  | 'hidden'
  | 'steps'
  | 'batch'
  | 'lr'
  | 'clip'
  | 'init'
  | 'iterations'
  | 'seconds'
  | 'seed'
  | 'sampleEvery'
  | 'sampleLength'
  | 'temperature';

/** The rule of each numeric setting. The upper ends are where a typing mistake is more likely than the wish. */
export const NUMBER_RULES: Readonly<Record<NumberName, NumberRule>> = {
  hidden: whole(1, 16_384),
  steps: whole(1, 10_000),
  batch: whole(1, 4_096),
  lr: positive(1_000),
  clip: positive(1e9),
  init: positive(1_000),
  iterations: whole(1, 1_000_000_000),
  seconds: positive(1e9),
  seed: whole(0, 2 ** 32 - 1),
  sampleEvery: whole(0, 1_000_000_000),
  sampleLength: whole(1, 1_000_000),
  temperature: { least: 0.01, most: 100, whole: false },
};

/** A decimal number, and nothing that JavaScript would make one: no spaces, no 0x10, no Infinity. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number in `typed`.
 * @param flag - how to name it in the message: `--hidden`
 * @throws UsageError naming the flag, the value and what is allowed
 */
export function parseNumber(flag: string, typed: string, rule: NumberRule): number {
  const value = DECIMAL.test(typed) ? Number(typed) : Number.NaN;
  if (!isAllowed(value, rule)) throw new UsageError(`${flag} ${typed || "''"}: expected ${described(rule)}`);
  return value;
}

export function isAllowed(value: number, rule: NumberRule): boolean {
  if (rule.whole ? !Number.isSafeInteger(value) : !Number.isFinite(value)) return false;
  return value <= rule.most && (rule.above ? value > rule.least : value >= rule.least);
}

export function described(rule: NumberRule): string {
  const kind = rule.whole ? 'a whole number' : 'a number';
  return rule.above
    ? `${kind} above ${rule.least}, at most ${rule.most}`
    : `${kind} from ${rule.least} to ${rule.most}`;
}
