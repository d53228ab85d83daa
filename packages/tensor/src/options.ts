/** Options objects. A misspelled key is an error, like a misspelled keyword argument in Python. */
import { describeValue, quoted, ValueError } from './errors.ts';
import { nearest } from './nearest.ts';

/**
 * The keys of an options type. The compiler reports a key that is missing here or that the type
 * does not have.
 */
export type OptionKeys<O> = { readonly [K in keyof O]-?: true };

/**
 * Checks an options argument. `undefined`, and keys whose value is `undefined`, count as left out.
 * @param keys every key that `op` accepts.
 * @throws ValueError for anything but an object, and for an unknown key. The message suggests the
 * nearest known key.
 * @example checkOptions<SumOptions>('sum', options, { axes: true, keepDims: true })
 */
export function checkOptions<O extends object>(
  op: string,
  options: O | undefined,
  keys: OptionKeys<O>,
): void {
  if (options === undefined) return;
  if (typeof options !== 'object' || options === null) {
    const example = Object.keys(keys)[0];
    throw new ValueError(
      `${op}: expected an object of options such as { ${example}: … }, got ${describeValue(options)}`,
    );
  }
  for (const key in options) {
    if (keys[key] !== true && options[key] !== undefined) throw unknownOption(op, key, Object.keys(keys));
  }
}

function unknownOption(op: string, key: string, known: readonly string[]): ValueError {
  const near = nearest(key, known);
  const cure = near === null ? `the options are: ${known.join(', ')}` : `did you mean ${near}?`;
  return new ValueError(`${op}: unknown option ${quoted(key)}; ${cure}`);
}
