/**
 * Values that plain JavaScript can pass against the types. Each is a new object, since the fuzzer
 * changes arguments after the call.
 */
export const hole = (): unknown[] => {
  const list: unknown[] = [1, 0, 0];
  delete list[1];
  return list;
};

export const GARBAGE: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => -1,
  () => 0.5,
  () => -0,
  () => 2 ** 40,
  () => 2 ** 53,
  () => 1e300,
  () => Number.POSITIVE_INFINITY,
  () => 'two',
  () => '2',
  () => '',
  () => true,
  () => 10n,
  () => Symbol('s'),
  () => [],
  hole,
  () => new Array(2),
  () => [undefined],
  () => ['1', 0],
  () => [[0], [1]],
  () => [Number.NaN, 1],
  () => ({}),
  () => ({ shape: [2, 2] }),
  () => ({ shape: hole(), dtype: 'float32' }),
  () => Object.create(null),
  () => new Map(),
  () => new Date(0),
  () => () => 1,
  () => new Float32Array([1, 2]),
  () => new Uint8Array(4),
  () => new Proxy([], {}),
];

/** Sizes that are invalid or exceed the memory. */
export const BAD_SIZES: readonly unknown[] = [
  -1,
  -4,
  0.5,
  Number.NaN,
  undefined,
  null,
  '3',
  2 ** 40,
  2 ** 53,
  1e300,
  Number.POSITIVE_INFINITY,
];

/** Indices that are always out of range. */
export const BAD_INDICES: readonly number[] = [-1, 4, 1000, 2 ** 20, 2 ** 28, 2 ** 31 - 1, -(2 ** 31)];

/** Formats a value for the report. */
export function show(value: unknown): string {
  if (typeof value === 'symbol' || typeof value === 'bigint') return `${String(value)}`;
  if (Array.isArray(value)) return `[${Array.from(value, show).join(', ')}]`;
  if (typeof value === 'function') return 'a function';
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name}(${[...(value as Float32Array)].join(', ')})`;
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : Object.is(value, -0) ? '-0' : String(value);
  const entries = value as { dtype?: unknown; shape?: unknown; strides?: unknown; offset?: unknown };
  if ('storage' in value && Array.isArray(entries.strides))
    return `${String(entries.dtype)}[${show(entries.shape)} by ${show(entries.strides)} from ${show(entries.offset)}]`;
  const plain = Object.entries(value).map(([key, each]) => `${key}: ${show(each)}`);
  return `{ ${plain.join(', ')} }`;
}
