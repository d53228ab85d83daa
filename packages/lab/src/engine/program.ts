/** Compiles the text of a cell: TypeScript to JavaScript, imports from a fixed list of packages. */
import * as autograd from '@chronograd/autograd';
import * as nn from '@chronograd/nn';
import { Cell } from '@chronograd/nn';
import * as probe from '@chronograd/nn/probe';
import type { CellLawOptions, HandwrittenBackward, MakeCell } from '@chronograd/nn/testing';
import * as testing from '@chronograd/nn/testing';
import * as tensor from '@chronograd/tensor';
import { transform } from 'sucrase';
import { type ErrorPlace, ProgramError, placeOf } from './program-error.ts';

type AnyCell = Cell<unknown>;

/** The exports of a compiled text, as `pnpm check FILE` reads them. */
export interface Program {
  /** The text. */
  readonly code: string;
  /** The name of the cell's class. */
  readonly name: string;
  readonly makeCell: MakeCell<AnyCell>;
  /** Handwritten backpropagation through time, if exported. */
  readonly backward: HandwrittenBackward<AnyCell> | null;
  /** Options of the laws. */
  readonly options: CellLawOptions;
}

/** What a program may import. */
const PACKAGES: Record<string, object> = {
  '@chronograd/tensor': tensor,
  '@chronograd/autograd': autograd,
  '@chronograd/nn': nn,
  '@chronograd/nn/probe': probe,
  '@chronograd/nn/testing': testing,
};

/** Lets programs import more packages. */
export function provide(packages: Readonly<Record<string, object>>): void {
  Object.assign(PACKAGES, packages);
}

/**
 * Compiles and runs a text, and reads its cell.
 * @throws ProgramError with the line, for text that does not compile, that throws, or has no cell
 */
export function compile(code: string): Program {
  const exports = run(code);
  const { backward = null, options = {}, makeCell } = exports as Partial<Program>;
  const expect = (name: string, what: string, value: unknown, holds: boolean): void => {
    if (!holds) throw new ProgramError(`expected ${what} as ${name}, got ${typeof value}`);
  };
  expect('makeCell', 'a function', makeCell, makeCell === undefined || typeof makeCell === 'function');
  expect('backward', 'a function', backward, backward === null || typeof backward === 'function');
  expect('options', 'an object', options, typeof options === 'object' && options !== null);
  const Class = classOf(exports, makeCell !== undefined);
  const make: MakeCell<AnyCell> =
    makeCell ?? (({ inputSize, hiddenSize, ...rest }) => new Class!(inputSize, hiddenSize, rest));
  return { code, name: Class?.name ?? 'the cell', makeCell: make, backward, options };
}

/** Compiles and runs a text. @returns its exports. @throws ProgramError with the line */
export function run(code: string, globals: Readonly<Record<string, unknown>> = {}): object {
  const module = { exports: {} };
  const text = expressionOf(code, Object.keys(globals));
  const loaded = load(text);
  if (loaded !== null) files = [FILE, loaded.file];
  try {
    const body = (loaded === null ? indirectEval(text) : loaded.value) as (...values: unknown[]) => void;
    body(required, module, module.exports, ...Object.values(globals));
  } catch (error) {
    throw programError(error);
  }
  return module.exports;
}

/** The text as a function of `require`, `module`, `exports` and globals, with the same lines. */
export function expressionOf(code: string, globals: readonly string[] = []): string {
  const names = ['require', 'module', 'exports', ...globals];
  return `(function(${names.join(',')}){"use strict";${javaScriptOf(code)}\n})\n//# sourceURL=${FILE}`;
}

const FILE = 'cell.ts';
let files: readonly string[] = [FILE];
/** Names of the program in stacks. */
export const programFiles = (): readonly string[] => files;
// Not `new Function`, which adds lines before the code.
// biome-ignore lint/security/noGlobalEval: the worker exists to run the user's code
// biome-ignore lint/style/useConst: an indirect call has no access to this module's names
let indirectEval = eval;

/** A function that was made in another way than by `eval`, and its script's name in stacks. */
type Load = (text: string) => { readonly value: unknown; readonly file: string } | null;
let load: Load = () => null;

/** Looks for functions here before they are evaluated. */
export function loadWith(find: Load): void {
  load = find;
}

/** Whether stacks have lines of evaluated programs. WebKit's have none. */
export function evalHasLines(): boolean {
  const make = indirectEval(`(() => new Error())\n//# sourceURL=${FILE}`) as () => Error;
  return placeOf(make().stack ?? '', [FILE]) !== null;
}

/** An error of the user's code, with the line of the program where it was thrown. */
export function programError(error: unknown): ProgramError {
  const place = error instanceof Error ? placeOf(error.stack ?? '', files) : null;
  if (error instanceof ProgramError)
    return error.place !== null || place === null ? error : new ProgramError(error.message, place);
  const what = error instanceof Error ? `${error.name}: ${error.message}` : `${String(error)} was thrown`;
  return new ProgramError(what, place, { cause: error });
}

function javaScriptOf(code: string): string {
  try {
    return transform(code, { transforms: ['typescript', 'imports'], disableESTransforms: true }).code;
  } catch (error) {
    const { message, loc } = error as Error & { loc?: ErrorPlace };
    const what = message.replace(/^Error transforming \S+: /, '').replace(/ \(\d+:\d+\)$/, '');
    throw new ProgramError(`SyntaxError: ${what}`, loc ?? null, { cause: error });
  }
}

function required(name: string): object {
  const found = PACKAGES[name];
  if (found !== undefined) return new Proxy(found, { get: exportOf(name) });
  throw new ProgramError(`import '${name}': expected one of ${Object.keys(PACKAGES).join(', ')}`);
}

/** Reads an export. Names that modules of older kinds may have are no mistakes. */
const exportOf =
  (name: string) =>
  (found: object, key: string | symbol): unknown => {
    if (key in found || typeof key === 'symbol' || key === '__esModule' || key === 'default')
      return found[key as keyof typeof found];
    throw new ProgramError(`'${name}' has no export ${key}`);
  };

type CellClass = new (inputSize: number, hiddenSize: number, options: object) => AnyCell;

/** The exported class that extends Cell. */
function classOf(exports: object, optional: boolean): CellClass | null {
  const isCell = (value: unknown): value is CellClass =>
    typeof value === 'function' && value.prototype instanceof Cell;
  const classes = [...new Set(Object.values(exports).filter(isCell))];
  if (classes.length === 1) return classes[0]!;
  if (optional) return null;
  throw new ProgramError(
    classes.length === 0
      ? `expected an exported class that extends Cell, got ${Object.keys(exports).join(', ') || 'no exports'}; write export class MyCell extends Cell<Tensor>`
      : `expected one exported cell, got ${classes.map(({ name }) => name).join(', ')}; export makeCell to choose one`,
  );
}
