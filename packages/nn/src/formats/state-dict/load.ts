/** Loading a state dict into a module. */
import { type Parameter, tensor, ValueError } from '@chronograd/tensor';
import { announceWrite, checkOptions, describeValue, nameOf, showShape } from '@chronograd/tensor/engine';
import { requireModule } from '../../internal/require.ts';
import type { Module } from '../../module.ts';
import { listed, listedShape, shownName } from '../exchange/bounded.ts';
import { fits, type PlainArray } from '../exchange/elements.ts';
import { requireArrays } from '../exchange/require.ts';
import type { Entries } from './form.ts';
import { type ParameterSlots, parameterSlots, StateDictError } from './parameter-slots.ts';

/** Names that only the module has (missing) or only the state dict (unexpected). */
export interface Unmatched {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** Throw for missing and unexpected names. Default: true. */
  readonly strict?: boolean;
}

/**
 * Loads a state dict of Chronograd, or of PyTorch through safetensors or NumPy. Floats are rounded
 * to the dtype of the parameters. Either everything is loaded or nothing.
 *
 * - A cell with one bias vector takes the sum of two. A GRU with `reset: 'after'` does so only if
 *   the second is 0 in the rows n, where it is inside the reset gate.
 * - A GRU takes the weights of the other `reset` only if both compute the same: the recurrent rows
 *   n are diagonal and, for a cell with `reset: 'before'`, the second bias is 0 in them.
 * - Tied weights may occur under any or all of their names, with the same values.
 * @param dict arrays by name, such as `readSafetensors(bytes).tensors` or `readNpz(bytes)`
 * @returns unmatched names; none if `strict`
 * @throws StateDictError listing everything that is missing, unexpected, of another shape or dtype,
 * or not convertible; and if `dict` is not a Map of arrays
 * @throws VersionError while an open tape has saved one of the parameters
 * @example loadStateDict(model, readSafetensors(readFileSync('model.safetensors')).tensors);
 */
export function loadStateDict(
  module: Module,
  dict: ReadonlyMap<string, PlainArray>,
  options: LoadOptions = {},
): Unmatched {
  checkOptions('loadStateDict', options, { strict: true });
  const { strict = true } = options;
  requireModule('loadStateDict', module);
  requireDict(dict);
  const found = match(parameterSlots('loadStateDict', module), dict);
  const missing = found.missing.filter(([, parameter]) => !found.values.has(parameter)).map(([name]) => name);
  const unexpected = [...dict.keys()].filter((name) => !found.used.has(name));
  if (found.problems.length > 0 || (strict && missing.length + unexpected.length > 0)) {
    const problems = [
      `missing ${list(missing)}`,
      `unexpected ${list(unexpected)}`,
      ...(found.problems.length > 0 ? [listed(found.problems, '; ')] : []),
    ].join('; ');
    const cure = strict ? '; strict: false ignores missing and unexpected names' : '';
    throw new StateDictError(
      `loadStateDict: the state dict does not fit ${nameOf(module)}: ${problems}. Nothing was loaded${cure}`,
      missing,
      unexpected,
    );
  }
  const values = [...found.values].map(
    ([parameter, { data, shape }]) => [parameter, tensor(data, { shape, dtype: parameter.dtype })] as const,
  );
  // All tapes are asked before anything changes.
  for (const [parameter] of values) announceWrite(parameter.storage, 'loadStateDict');
  for (const [parameter, value] of values) parameter.assign(value);
  return { missing, unexpected };
}

const error = (what: string): StateDictError => new StateDictError(`loadStateDict: ${what}`);

/** For callers without types. */
function requireDict(dict: ReadonlyMap<string, PlainArray>): void {
  requireArrays(dict, error, 'readSafetensors(bytes).tensors or readNpz(bytes)');
  for (const [name, array] of dict as ReadonlyMap<string, Partial<PlainArray>>) {
    const { shape, data } = array;
    if (!Array.isArray(shape) || !ArrayBuffer.isView(data))
      throw error(`expected { shape, data } for ${shownName(name)}, got ${describeValue(array)}`);
    if (!(data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array))
      throw error(
        `expected a Float32Array, Float64Array or Int32Array for ${shownName(name)}, got ${describeValue(data)}; Float32Array.from(data, Number) makes one`,
      );
  }
}

interface Matched {
  readonly values: ReadonlyMap<Parameter, PlainArray>;
  readonly used: ReadonlySet<string>;
  readonly missing: readonly (readonly [name: string, parameter: Parameter])[];
  readonly problems: readonly string[];
}

function match(all: readonly ParameterSlots[], dict: ReadonlyMap<string, PlainArray>): Matched {
  const values = new Map<Parameter, PlainArray>();
  const firstNames = new Map<Parameter, string>();
  const used = new Set<string>();
  const missing: [string, Parameter][] = [];
  const problems: string[] = [];
  for (const owner of all) {
    const entries = adapted(owner, entriesOf(owner, dict, used), problems);
    if (entries === null) continue;
    for (const [slot, parameter] of owner.slots) {
      const array = entries.get(slot);
      const name = owner.fullName(slot);
      const before = values.get(parameter);
      if (array === undefined) missing.push([name, parameter]);
      else if (before !== undefined && !sameValues(before, array)) {
        const first = firstNames.get(parameter);
        problems.push(`${name} and ${first} are one parameter and have different values`);
      } else {
        const mismatch = mismatchOf(parameter, array);
        if (mismatch !== null) problems.push(`${name} ${mismatch}`);
        values.set(parameter, array);
        firstNames.set(parameter, name);
      }
    }
  }
  return { values, used, missing, problems };
}

/** The entries of one module, by its own names. */
function entriesOf(
  { slots, form, fullName }: ParameterSlots,
  dict: ReadonlyMap<string, PlainArray>,
  used: Set<string>,
): Entries {
  const entries = new Map<string, PlainArray>();
  const own = slots.map(([name]) => name);
  for (const name of [...own, ...Object.keys(form.zeros ?? {}), ...(form.alternatives ?? [])]) {
    const array = dict.get(fullName(name));
    if (array === undefined) continue;
    used.add(fullName(name));
    entries.set(name, array);
  }
  return entries;
}

/** The entries as the module needs them. Null, and a problem, if that is impossible. */
function adapted(
  { kind, form, fullName }: ParameterSlots,
  entries: Entries,
  problems: string[],
): Entries | null {
  try {
    return form.adapt?.(entries) ?? entries;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const names = [...entries.keys()].map(fullName);
    problems.push(`${kind} (${names.join(', ')}): ${error.message}`);
    return null;
  }
}

function mismatchOf(parameter: Parameter, array: PlainArray): string | null {
  const isInteger = array.data instanceof Int32Array;
  if (isInteger !== (parameter.dtype === 'int32'))
    return `is ${isInteger ? 'int32' : 'float'}, expected ${parameter.dtype}`;
  if (!fits(array)) return `has shape ${listedShape(array.shape)} and ${array.data.length} elements`;
  if (showShape(array.shape) === showShape(parameter.shape)) return null;
  return `has shape ${listedShape(array.shape)}, expected ${showShape(parameter.shape)}`;
}

function sameValues(a: PlainArray, b: PlainArray): boolean {
  return showShape(a.shape) === showShape(b.shape) && a.data.every((value, i) => Object.is(value, b.data[i]));
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : listed(names.map(shownName));
}
