/** Giving a module the values of a state dict. */
import { type Parameter, tensor, ValueError } from '@chronograd/tensor';
import { announceWrite, checkOptions, describeValue, nameOf, showShape } from '@chronograd/tensor/engine';
import { requireModule } from '../../internal/require.ts';
import type { Module } from '../../module.ts';
import { listed, listedShape, shownName } from '../exchange/bounded.ts';
import { fits, type PlainArray } from '../exchange/elements.ts';
import { StateDictError } from './error.ts';
import type { Entries } from './form.ts';
import { type Owner, ownersOf } from './slots.ts';

/** Names that stand on one side only. */
export interface Unmatched {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** False lets names be on one side only. Default: true. */
  readonly strict?: boolean;
}

/**
 * Gives a module's parameters the values of a state dict: one of ours, or of PyTorch by way of safetensors or NumPy. Floats are rounded to
 * the parameters' dtype. All or nothing is loaded.
 *
 * - A cell with one bias vector takes the sum of two (in a GRU with `reset: 'after'` only where the second is 0 in the rows n: there it stands
 *   inside the reset gate).
 * - A GRU takes the weights of one with its reset gate in the other place only where both compute the same: where the recurrent rows n
 *   are diagonal and, for a cell with `reset: 'before'`, the second bias is 0 in them.
 * - Tied weights may come under any or all of their names, with the same values.
 * @param dict names to shapes and values, as in `readSafetensors(bytes).tensors` or `readNpz(bytes)`
 * @returns the names that do; nothing where `strict`
 * @throws StateDictError naming all that is missing, unexpected, of another shape or dtype, or not convertible, at once; and for what is no
 * Map of arrays.
 * @throws VersionError while a tape is open that saved one of the parameters
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
  const found = match(ownersOf('loadStateDict', module), dict);
  const missing = found.missing.filter(([, parameter]) => !found.values.has(parameter)).map(([name]) => name);
  const unexpected = [...dict.keys()].filter((name) => !found.used.has(name));
  if (found.problems.length > 0 || (strict && missing.length + unexpected.length > 0)) {
    throw new StateDictError(
      `loadStateDict: the state dict does not fit ${nameOf(module)}: ${[
        `missing ${list(missing)}`,
        `unexpected ${list(unexpected)}`,
        listed(found.problems, '; '),
      ]
        .filter((part) => part !== '')
        .join(
          '; ',
        )}. Nothing was loaded${strict ? '; strict: false passes over missing and unexpected names' : ''}`,
      missing,
      unexpected,
    );
  }
  const values = [...found.values].map(
    ([
      parameter,
      {
        array: { data, shape },
      },
    ]) => [parameter, tensor(data, { shape, dtype: parameter.dtype })] as const,
  );
  // All tapes are asked before anything changes.
  for (const [parameter] of values) announceWrite(parameter.storage, 'loadStateDict');
  for (const [parameter, value] of values) parameter.assign(value);
  return { missing, unexpected };
}

/** Types say so already, but a file is often read where there are none. */
function requireDict(dict: ReadonlyMap<string, PlainArray>): void {
  const expected =
    'a Map from names to { shape, data }, as readSafetensors(bytes).tensors or readNpz(bytes) is,';
  if (!(dict instanceof Map))
    throw new StateDictError(`loadStateDict: ${describeValue(dict)} came, ${expected} was expected`);
  for (const [name, array] of dict as ReadonlyMap<string, Partial<PlainArray> | undefined>) {
    if (typeof name !== 'string')
      throw new StateDictError(
        `loadStateDict: ${describeValue(name)} came for a name, ${expected} was expected`,
      );
    const { shape, data } = array ?? {};
    if (!Array.isArray(shape) || !ArrayBuffer.isView(data))
      throw new StateDictError(
        `loadStateDict: ${shownName(name)} is ${describeValue(array)}, ${expected} was expected`,
      );
    if (!isTypedArray(data))
      throw new StateDictError(
        `loadStateDict: ${shownName(name)} has its data in ${describeValue(data)}, a Float32Array, a Float64Array or an Int32Array was expected: Float32Array.from(data, Number) makes one`,
      );
  }
}

function isTypedArray(data: ArrayBufferView): boolean {
  return data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array;
}

interface Named {
  readonly name: string;
  readonly array: PlainArray;
}

interface Matched {
  readonly values: ReadonlyMap<Parameter, Named>;
  readonly used: ReadonlySet<string>;
  readonly missing: readonly (readonly [name: string, parameter: Parameter])[];
  readonly problems: readonly string[];
}

function match(owners: readonly Owner[], dict: ReadonlyMap<string, PlainArray>): Matched {
  const values = new Map<Parameter, Named>();
  const used = new Set<string>();
  const missing: [string, Parameter][] = [];
  const problems: string[] = [];
  for (const owner of owners) {
    const entries = adapted(owner, entriesOf(owner, dict, used), problems);
    for (const [name, parameter] of owner.slots) {
      const array = entries?.get(name);
      const came = { name: owner.place(name), array };
      const before = values.get(parameter);
      if (entries === null) continue;
      if (array === undefined) missing.push([came.name, parameter]);
      else if (before !== undefined && !sameValues(before.array, array))
        problems.push(`${came.name} and ${before.name} are one parameter and came with different values`);
      else {
        const misfit = misfitOf(parameter, array);
        if (misfit !== null) problems.push(`${came.name} ${misfit}`);
        values.set(parameter, { name: came.name, array });
      }
    }
  }
  return { values, used, missing, problems };
}

/** What came for one module, by its own names. */
function entriesOf(
  { slots, form, place }: Owner,
  dict: ReadonlyMap<string, PlainArray>,
  used: Set<string>,
): Entries {
  const entries = new Map<string, PlainArray>();
  const names = [
    ...slots.map(([name]) => name),
    ...Object.keys(form.zeros ?? {}),
    ...(form.alternatives ?? []),
  ];
  for (const name of names) {
    const array = dict.get(place(name));
    if (array === undefined) continue;
    used.add(place(name));
    entries.set(name, array);
  }
  return entries;
}

/** The entries as the module takes them; null, and a problem, where it cannot. */
function adapted({ kind, form, place }: Owner, entries: Entries, problems: string[]): Entries | null {
  try {
    return form.adapt?.(entries) ?? entries;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const names = [...entries.keys()].map(place);
    problems.push(`${kind} (${names.join(', ')}): ${error.message}`);
    return null;
  }
}

function misfitOf(parameter: Parameter, array: PlainArray): string | null {
  const came = array.data instanceof Int32Array ? 'int32' : 'float';
  const wanted = parameter.dtype === 'int32' ? 'int32' : 'float';
  if (came !== wanted) return `is ${came}, ${parameter.dtype} was expected`;
  if (!fits(array)) return `has shape ${listedShape(array.shape)} and ${array.data.length} elements`;
  if (showShape(array.shape) === showShape(parameter.shape)) return null;
  return `has shape ${listedShape(array.shape)}, ${showShape(parameter.shape)} was expected`;
}

function sameValues(a: PlainArray, b: PlainArray): boolean {
  return showShape(a.shape) === showShape(b.shape) && a.data.every((value, i) => Object.is(value, b.data[i]));
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : listed(names.map(shownName));
}
