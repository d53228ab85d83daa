/**
 * All errors that the library throws. A message names the op, what it expected, what it got, and
 * the cure.
 */

/** The base of all errors of Chronograd; catch this to catch them all. */
export class ChronogradError extends Error {
  override readonly name: string = 'ChronogradError';
}

/** Shapes, axes, positions or sizes that do not fit an op. */
export class ShapeError extends ChronogradError {
  override readonly name = 'ShapeError';
}

/** Dtypes that do not fit: no op promotes. */
export class DtypeError extends ChronogradError {
  override readonly name = 'DtypeError';
}

/** A value that a function does not accept. */
export class ValueError extends ChronogradError {
  override readonly name = 'ValueError';
}

/** The heap cannot grow further. Earlier results stay valid, and the library keeps working. */
export class OutOfMemoryError extends ChronogradError {
  override readonly name = 'OutOfMemoryError';
  /** Requested bytes. */
  readonly requested: number;
  /** Bytes of the heap at the request. */
  readonly heapBytes: number;

  constructor(requested: number, heapBytes: number, cure: string) {
    super(
      `out of memory: ${requested} bytes asked for, the heap holds ${heapBytes} and cannot grow; ${cure}`,
    );
    this.requested = requested;
    this.heapBytes = heapBytes;
  }
}

/** A tensor was used after the scope that owned it had closed, or a scope was misused. */
export class ScopeError extends ChronogradError {
  override readonly name = 'ScopeError';
}

/** A parameter was written while its old value was still needed. */
export class VersionError extends ChronogradError {
  override readonly name = 'VersionError';
}

/**
 * A planned function did what a replay cannot repeat, such as reading values or writing parameters;
 * or `verify` found another result.
 */
export class PlanError extends ChronogradError {
  override readonly name = 'PlanError';
}

const MOST_CHARACTERS = 80;
/**
 * Control and format characters, lone surrogates and line separators: they move a terminal's cursor
 * or reorder a line.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text in quotes, for messages: at most 80 characters, on one line, with control characters
 * escaped.
 */
export function quoted(text: string): string {
  const shown = [...text.slice(0, 2 * MOST_CHARACTERS)].slice(0, MOST_CHARACTERS).join('');
  return JSON.stringify(shown === text ? text : `${shown}…`).replace(UNPRINTABLE, (character) => {
    const hex = (character.codePointAt(0) as number).toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
  });
}

const BRAND = Symbol.for('@chronograd');
/** Prototypes that this copy has branded. */
const own: object[] = [];

/** Marks a class, so that other loaded copies of its package recognize its objects. */
export function brand(prototype: object, packageName: string): void {
  Object.defineProperty(prototype, BRAND, { value: packageName });
  own.push(prototype);
}

/** The package of a value from another loaded copy; null for other values. */
export function foreignPackage(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return null;
  return own.some((prototype) => Object.prototype.isPrototypeOf.call(prototype, value))
    ? null
    : String(value[BRAND]);
}

/** Why objects of another copy cannot be used. */
export const TWO_COPIES =
  'two copies share nothing, so make the program load one (look for two versions in the lockfile)';

/**
 * A value for messages: `undefined`, `"two"`, `an array`, `an object`, `a Uint8Array`,
 * `a Linear of another loaded copy of @chronograd/nn`.
 */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  const name = nameOf(value);
  const foreign = foreignPackage(value);
  if (foreign !== null) return `a ${name} of another loaded copy of ${foreign}; ${TWO_COPIES}`;
  return name === 'Object' ? 'an object' : `a ${name}`;
}

/**
 * A number as digits, other values as `describeValue`. Templates throw for symbols; this does not.
 */
export function showValue(value: unknown): string {
  return typeof value === 'number' ? String(value) : describeValue(value);
}

/** @throws ValueError unless `value` is a function. @param example a correct call. */
export function requireFunction(op: string, value: unknown, example: string): void {
  if (typeof value === 'function') return;
  throw new ValueError(`${op}: expected a function, got ${describeValue(value)}; write ${example}`);
}

/**
 * Runs `body`, a part of `op`: its errors about arguments name `op`, the function that was called.
 * For composed functions, which need not repeat the checks of their parts.
 */
export function inNameOf<R>(op: string, body: () => R): R {
  try {
    return body();
  } catch (error) {
    if (error instanceof ShapeError || error instanceof DtypeError || error instanceof ValueError) {
      const { message, stack } = error;
      error.message = message.replace(/^[A-Za-z][\w.]*: /, () => `${op}: `);
      error.stack = stack?.replace(message, () => error.message);
    }
    throw error;
  }
}

/** The name of an object's class, or of the nearest class above it that has one. */
export function nameOf(value: object): string {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
    const kind: unknown = at.constructor;
    if (typeof kind === 'function' && kind.name !== '') return kind.name;
  }
  return 'Object';
}

/** `[2, 3]`: a shape for messages. */
export function showShape(shape: readonly unknown[]): string {
  return `[${Array.from(shape, showValue).join(', ')}]`;
}

/**
 * @throws ValueError unless `value` is a number for which `holds` is true.
 * @param expected describes the accepted numbers.
 */
export function requireNumber(
  op: string,
  name: string,
  value: unknown,
  expected = 'a number',
  holds: (value: number) => boolean = () => true,
): void {
  if (typeof value === 'number' && holds(value)) return;
  const got = typeof value === 'number' ? value : describeValue(value);
  throw new ValueError(`${op}: expected ${expected} for ${name}, got ${got}`);
}

/** @throws ValueError unless `keepDims` is a boolean: `x.sum(0, 1)` is not a sum over two axes. */
export function requireKeepDims(op: string, keepDims: unknown): void {
  if (typeof keepDims === 'boolean') return;
  const got = typeof keepDims === 'number' ? keepDims : describeValue(keepDims);
  throw new ValueError(
    `${op}: expected true or false for keepDims, got ${got}; several axes are one list, such as [0, 1]`,
  );
}
