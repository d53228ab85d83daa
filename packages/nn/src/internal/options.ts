/** Options that plain JavaScript may have left out or misspelled, where types cannot say so. */
import { type Random, ValueError } from '@chronograd/tensor';
import { checkOptions, describeValue, type OptionKeys } from '@chronograd/tensor/engine';

/**
 * What came as options.
 * @param expected stands in the message: `{ lr: 0.1 }`.
 * @throws ValueError where it is no object, and for a key that is not among `keys`.
 */
export function requireOptions<O extends object>(
  what: string,
  options: O,
  expected: string,
  keys: OptionKeys<O>,
): O {
  requireObject(what, options, expected, 'the options');
  checkOptions(what, options, keys);
  return options;
}

/** Options that hold a source of random numbers. @throws ValueError where they do not, and as `requireOptions`. */
export function requireRandom<O extends { readonly random: Random }>(
  what: string,
  options: O,
  keys: OptionKeys<O>,
): O {
  const expected = '{ random: new Random(seed) }';
  const { random } = requireOptions(what, options, expected, keys);
  if (typeof random?.bits === 'function') return options;
  throw new ValueError(`${what}: ${describeValue(random)} came for random, ${expected} was expected`);
}

/** @throws ValueError for what is no object. */
export function requireObject(what: string, value: unknown, expected: string, name: string): void {
  if (typeof value === 'object' && value !== null) return;
  throw new ValueError(`${what}: ${describeValue(value)} came for ${name}, ${expected} was expected`);
}

/** The options that are among `keys`: those of a part, where the whole takes more. */
export function pick<O extends object>(options: O, keys: OptionKeys<O>): O {
  return Object.fromEntries(Object.entries(options).filter(([name]) => Object.hasOwn(keys, name))) as O;
}
