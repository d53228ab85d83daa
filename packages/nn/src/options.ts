/** Options that plain JavaScript may have left out, where types cannot say so. */
import { type Random, ValueError } from '@chronograd/tensor';
import { describeValue } from '@chronograd/tensor/engine';

/**
 * What came as options.
 * @param expected stands in the message: `{ lr: 0.1 }`.
 * @throws ValueError where it is no object.
 */
export function requireOptions<O extends object>(
  what: string,
  options: O,
  expected: string,
  name = 'the options',
): O {
  if (typeof options === 'object' && options !== null) return options;
  throw new ValueError(`${what}: ${describeValue(options)} came for ${name}, ${expected} was expected`);
}

/** Options that hold a source of random numbers. @throws ValueError where they do not. */
export function requireRandom<O extends { readonly random: Random }>(what: string, options: O): O {
  const expected = '{ random: new Random(seed) }';
  const { random } = requireOptions(what, options, expected);
  if (typeof random?.bits === 'function') return options;
  throw new ValueError(`${what}: ${describeValue(random)} came for random, ${expected} was expected`);
}
