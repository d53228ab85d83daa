/** Checks of options objects, which plain JavaScript may omit or misspell. */
import { type Random, ValueError } from '@chronograd/tensor';
import { checkOptions, describeValue, type OptionKeys } from '@chronograd/tensor/engine';

/**
 * The options.
 * @param expected an example for the error: `{ lr: 0.1 }`.
 * @throws ValueError for anything but an object, and for a key that is not in `keys`.
 */
export function requireOptions<O extends object>(
  op: string,
  options: O,
  expected: string,
  keys: OptionKeys<O>,
): O {
  requireObject(op, options, expected, 'the options');
  checkOptions(op, options, keys);
  return options;
}

/**
 * Options with a source of random numbers.
 * @throws ValueError as `requireOptions`, and without it.
 */
export function requireRandom<O extends { readonly random: Random }>(
  op: string,
  options: O,
  keys: OptionKeys<O>,
): O {
  const expected = '{ random: new Random(seed) }';
  const { random } = requireOptions(op, options, expected, keys);
  if (typeof random?.bits === 'function') return options;
  throw new ValueError(`${op}: expected ${expected} for random, got ${describeValue(random)}`);
}

/** @throws ValueError for anything but an object. */
export function requireObject(op: string, value: unknown, expected: string, name: string): void {
  if (typeof value === 'object' && value !== null) return;
  throw new ValueError(`${op}: expected ${expected} for ${name}, got ${describeValue(value)}`);
}

/** The options in `keys`, for a part of a module that takes more. */
export function pick<O extends object>(options: O, keys: OptionKeys<O>): O {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(keys, name))) as O;
}
