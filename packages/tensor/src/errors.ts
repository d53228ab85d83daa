/** Every error that the library throws on purpose. Each message names the op, what came, what was expected, and the cure. */

/** The base of all errors of Chronograd; catch this to catch them all. */
export class ChronogradError extends Error {
  override readonly name: string = 'ChronogradError';
}

/** Shapes, axes, positions or sizes that do not fit an op. */
export class ShapeError extends ChronogradError {
  override readonly name = 'ShapeError';
}

/** Dtypes that do not fit: nothing is promoted silently. */
export class DtypeError extends ChronogradError {
  override readonly name = 'DtypeError';
}

/** A value outside of what a function accepts. */
export class ValueError extends ChronogradError {
  override readonly name = 'ValueError';
}

/** The heap cannot grow further. What was computed before stands, and the library goes on working. */
export class OutOfMemoryError extends ChronogradError {
  override readonly name = 'OutOfMemoryError';
  /** Bytes asked for. */
  readonly requested: number;
  /** Bytes of the heap when they were asked for. */
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

/** A parameter was written while something still needed its older value. */
export class VersionError extends ChronogradError {
  override readonly name = 'VersionError';
}

/** A planned function did what a replay could not do, such as reading values or writing parameters; or `verify` found another result. */
export class PlanError extends ChronogradError {
  override readonly name = 'PlanError';
}

const MOST_CHARACTERS = 80;
/** Control and format characters, half surrogates and line separators: what moves a terminal's cursor or reorders a line. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text in quotes, as messages show it: at most 80 characters, on one line, with control characters escaped. */
export function quoted(text: string): string {
  const shown = [...text.slice(0, 2 * MOST_CHARACTERS)].slice(0, MOST_CHARACTERS).join('');
  return JSON.stringify(shown === text ? text : `${shown}…`).replace(UNPRINTABLE, (character) => {
    const hex = (character.codePointAt(0) as number).toString(16);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
  });
}

const BRAND = Symbol.for('@chronograd');
/** What this copy has branded. */
const own: object[] = [];

/** Marks a class, so that its objects are recognized where another copy of its package is loaded. */
export function brand(prototype: object, packageName: string): void {
  Object.defineProperty(prototype, BRAND, { value: packageName });
  own.push(prototype);
}

/** The package that a value comes from, where that is another copy than this one; else null. */
export function foreignPackage(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return null;
  return own.some((prototype) => Object.prototype.isPrototypeOf.call(prototype, value))
    ? null
    : String(value[BRAND]);
}

/** Why objects of another copy are no use. */
export const TWO_COPIES =
  'two copies share nothing, so make the program load one (look for two versions in the lockfile)';

/** What a value is, in words: `undefined`, `"two"`, `an array`, `an object`, `a Uint8Array`, `a Linear of another loaded copy of @chronograd/nn`. */
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

/** A number as it is written, anything else as `describeValue` says it: it never throws, as a template does for symbols. */
export function showValue(value: unknown): string {
  return typeof value === 'number' ? String(value) : describeValue(value);
}

/** @throws ValueError unless `value` is a function. @param example how a right call looks. */
export function requireFunction(op: string, value: unknown, example: string): void {
  if (typeof value === 'function') return;
  throw new ValueError(`${op}: expected a function, got ${describeValue(value)}; write ${example}`);
}

/**
 * Runs `body`, which is part of `op`: an error about its arguments carries the name of `op`, which is what the caller called.
 * For functions that are made of others, where checking all arguments first would say everything twice.
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

/** `[2, 3]`, as shapes stand in messages. */
export function showShape(shape: readonly unknown[]): string {
  return `[${Array.from(shape, showValue).join(', ')}]`;
}

/** Throws unless `value` is a number for which `holds` is true. @param expected says which numbers are accepted. */
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

/** Throws unless `keepDims` is a boolean: `x.sum(0, 1)` does not name two axes. */
export function requireKeepDims(op: string, keepDims: unknown): void {
  if (typeof keepDims === 'boolean') return;
  const got = typeof keepDims === 'number' ? keepDims : describeValue(keepDims);
  throw new ValueError(
    `${op}: expected true or false for keepDims, got ${got}; several axes are one list, such as [0, 1]`,
  );
}
