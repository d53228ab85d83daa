/** A configuration that comes back from a file: JSON until every field is proved to be what its type says. */
import { CELL_NAMES } from './cells.ts';
import { DTYPES, INIT_NAMES, KERNEL_CHOICES, type TrainConfiguration } from './configuration.ts';
import { CORPUS_NAMES } from './corpora.ts';
import { isAllowed, NUMBER_RULES, type NumberRule } from './numbers.ts';
import { UsageError } from './usage-error.ts';

type Check = (value: unknown) => boolean;

const CHECKS: Readonly<Record<keyof TrainConfiguration, Check>> = {
  source: either(oneOf(CORPUS_NAMES), shape({ file: (value) => typeof value === 'string' })),
  holdOut: (value) => typeof value === 'number' && value >= 0 && value < 1,
  cell: oneOf(CELL_NAMES),
  hidden: number(NUMBER_RULES.hidden),
  steps: number(NUMBER_RULES.steps),
  batch: number(NUMBER_RULES.batch),
  lr: number(NUMBER_RULES.lr),
  epsilon: (value) => typeof value === 'number' && value > 0 && value < 1,
  epsilonInside: isBoolean,
  clip: either(isNull, shape({ by: oneOf(['value', 'norm']), at: number(NUMBER_RULES.clip) })),
  init: either(oneOf(INIT_NAMES), shape({ normal: number(NUMBER_RULES.init) })),
  reduction: oneOf(['sum', 'mean']),
  smoothing: (value) => typeof value === 'number' && value >= 0 && value < 1,
  resetAtEnd: isBoolean,
  iterations: number(NUMBER_RULES.iterations),
  seconds: either(isNull, number(NUMBER_RULES.seconds)),
  seed: number(NUMBER_RULES.seed),
  dtype: oneOf(DTYPES),
  kernels: oneOf(KERNEL_CHOICES),
  sampleEvery: number(NUMBER_RULES.sampleEvery),
  sampleLength: number(NUMBER_RULES.sampleLength),
  temperature: number(NUMBER_RULES.temperature),
};

/** What a configuration meant before it said so: fields that were not there from the beginning. */
const BEFORE: Partial<TrainConfiguration> = { cell: 'rnn' };

/**
 * The configuration in a parsed JSON value.
 * @param where - the file it comes from, for the message
 * @throws UsageError naming the first field that is missing, unknown or out of range
 */
export function readConfiguration(value: unknown, where: string): TrainConfiguration {
  if (!isObject(value)) throw new UsageError(`${where}: the configuration is missing`);
  // What is there stays in its place, so that the same run saves the same bytes again.
  const saved: Readonly<Record<string, unknown>> = { ...value, ...BEFORE, ...value };
  for (const [key, check] of Object.entries(CHECKS)) {
    const field = Object.hasOwn(saved, key) ? saved[key] : undefined;
    if (!check(field)) {
      throw new UsageError(`${where}: the configuration's ${key} is ${JSON.stringify(field) ?? 'missing'}`);
    }
  }
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(CHECKS, key));
  if (unknown !== undefined)
    throw new UsageError(`${where}: the configuration has an unknown field ${unknown}`);
  return saved as unknown as TrainConfiguration;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNull(value: unknown): boolean {
  return value === null;
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function number(rule: NumberRule): Check {
  return (value) => typeof value === 'number' && isAllowed(value, rule);
}

function oneOf(names: readonly string[]): Check {
  return (value) => typeof value === 'string' && names.includes(value);
}

function either(one: Check, other: Check): Check {
  return (value) => one(value) || other(value);
}

function shape(fields: Readonly<Record<string, Check>>): Check {
  return (value) =>
    isObject(value) &&
    Object.keys(value).length === Object.keys(fields).length &&
    Object.entries(fields).every(([key, check]) => Object.hasOwn(value, key) && check(value[key]));
}
