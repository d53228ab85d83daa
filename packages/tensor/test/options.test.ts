import { describe, expect, expectTypeOf, test } from 'vitest';
import { ValueError } from '../src/errors.ts';
import { checkOptions, type OptionKeys } from '../src/options.ts';

interface Options {
  readonly keepDims?: boolean;
  readonly dtype: string;
}
const check = (options: unknown): void =>
  checkOptions<Options>('sum', options as Options, { keepDims: true, dtype: true });

describe('checkOptions', () => {
  test('accepts known keys, and options that were left out', () => {
    check({ keepDims: true, dtype: 'float32' });
    check(undefined);
    check({});
  });

  test('ignores a key whose value is undefined', () => {
    check({ keepdims: undefined });
  });

  test('names an unknown key and the nearest known one', () => {
    expect(() => check({ keepdims: true })).toThrow(
      new ValueError('sum: unknown option "keepdims"; did you mean keepDims?'),
    );
  });

  test('lists all options where none is near', () => {
    expect(() => check({ axis: 0 })).toThrow('sum: unknown option "axis"; the options are: keepDims, dtype');
  });

  test('does not take the properties of every object for options', () => {
    for (const key of ['constructor', 'toString', 'hasOwnProperty']) {
      expect(() => check({ [key]: 1 })).toThrow(`sum: unknown option "${key}"`);
    }
    expect(() => check(JSON.parse('{"__proto__": 1}'))).toThrow('sum: unknown option "__proto__"');
  });

  test.each([null, 3, 'keepDims', true])('throws for %s as options', (options) => {
    expect(() => check(options)).toThrow('sum: expected an object of options such as { keepDims: … }, got');
  });

  test('the list of keys is that of the type', () => {
    expectTypeOf<OptionKeys<Options>>().toEqualTypeOf<{ readonly keepDims: true; readonly dtype: true }>();
  });
});
