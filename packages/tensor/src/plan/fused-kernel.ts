/**
 * Fused kernels: WebAssembly that is generated for groups of elementwise launches. A kernel loads
 * its inputs into registers, computes all formulas, and stores the results that others read.
 */
import { instantiate } from '../kernels/module.ts';
import { heap } from '../memory/heap.ts';
import { FORMULAS, simd, unsigned } from './formulas.ts';
import type { Kernel } from './launch-buffer.ts';

/** One instruction on an element. Operands and values are numbered. */
export type Node =
  | { readonly load: number }
  | { readonly op: string; readonly of: readonly number[] }
  | { readonly store: number; readonly value: number };

/**
 * What a fused kernel computes. Its argument is the address of words: the rows, the bytes of a row,
 * and for each operand the address and the bytes from row to row.
 */
export interface Shape {
  /** Equal for equal shapes. */
  readonly key: string;
  readonly elementBytes: 4 | 8;
  /** For each operand the elements from column to column: 1 or 0. */
  readonly cols: readonly number[];
  readonly nodes: readonly Node[];
}

/** This many kernels are made. Engines keep the code of each. */
const MOST = 1024;
const made = new Map<string, Kernel>();

/** The kernels of shapes; null where the engine refuses, or beyond `MOST`. */
export function fusedKernels(shapes: readonly Shape[]): Kernel[] | null {
  const missing = new Map(shapes.map((shape) => [shape.key, shape]));
  for (const key of made.keys()) missing.delete(key);
  if (made.size + missing.size > MOST) return null;
  if (missing.size > 0) {
    const exports = instantiate(moduleOf([...missing.values()]), { memory: heap.memory });
    if (exports === null) return null;
    for (const [i, key] of [...missing.keys()].entries()) made.set(key, exports[i] as Kernel);
  }
  return shapes.map(({ key }) => made.get(key)!);
}

const VOID = 0x40;
const I32 = 0x7f;
const V128 = 0x7b;
const [LOOP, IF, END, BR_IF, NE, ADD, SUB, AND] = [3, 4, 0x0b, 0x0d, 0x47, 0x6a, 0x6b, 0x71];
/** Vectors of one turn of the loop over columns. */
const UNROLLED = 2;

const get = (local: number): number[] => [0x20, ...unsigned(local)];
const set = (local: number): number[] => [0x21, ...unsigned(local)];
const tee = (local: number): number[] => [0x22, ...unsigned(local)];
const word = (index: number): number[] => [...get(0), 0x28, 2, ...unsigned(4 * index)];
/** A constant from −64 to 63. */
const small = (n: number): number[] => [0x41, n & 127];
const list = (items: readonly number[][]): number[] => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const text = (letters: string): number[] => sized([...letters].map((letter) => letter.charCodeAt(0)));

function moduleOf(shapes: readonly Shape[]): Uint8Array {
  const section = (id: number, items: readonly number[][]): number[] => [id, ...sized(list(items))];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [[0x60, 1, I32, 0]]),
    ...section(2, [[...text('env'), ...text('memory'), 2, 0, 0]]),
    ...section(
      3,
      shapes.map(() => [0]),
    ), // prettier-ignore
    ...section(
      7,
      shapes.map((_, i) => [...text(String(i)), 0, ...unsigned(i)]),
    ), // prettier-ignore
    ...section(
      10,
      shapes.map((shape) => sized(body(shape))),
    ), // prettier-ignore
  ]);
}

function body({ elementBytes, cols, nodes }: Shape): number[] {
  const wide = elementBytes === 8;
  // Locals: the address of the words, rows, bytes of a row, the place in the row, the end of whole
  // turns; then the address of each operand, and the value of each node.
  const [rows, width, place, turns] = [1, 2, 3, 4] as const;
  const operand = (i: number): number => 5 + i;
  const value = (node: number): number => 5 + cols.length + node;
  const at = (i: number): number[] =>
    cols[i] === 1 ? [...get(operand(i)), ...get(place), ADD] : get(operand(i));

  /** All nodes on a vector, `offset` bytes further; or on one element if `offset` is null. */
  const formulas = (offset: number | null): number[] =>
    nodes.flatMap((node, i) => {
      if ('op' in node) {
        const [a = [], b = [], c = []] = node.of.map((input) => get(value(input)));
        return [...FORMULAS[node.op]!(wide, a, b, c), ...set(value(i))];
      }
      if ('load' in node) {
        if (cols[node.load] === 0) return [];
        const load = offset === null ? [...simd(wide ? 0x5d : 0x5c), 0, 0] : [...simd(0), 0, offset];
        return [...at(node.load), ...load, ...set(value(i))];
      }
      const store = offset === null ? [...simd(wide ? 0x5b : 0x5a), 0, 0, 0] : [...simd(0x0b), 0, offset];
      return [...at(node.store), ...get(value(node.value)), ...store];
    });
  /** Repeats code that moves `place` by some bytes, until it is at `end`. */
  const until = (end: number, code: readonly number[], bytes: number): number[] => [
    ...[...get(place), ...get(end), NE, IF, VOID, LOOP, VOID],
    ...[...code, ...get(place), ...small(bytes), ADD, ...tee(place), ...get(end), NE, BR_IF, 0, END, END],
  ];
  const splats = nodes.flatMap((node, i) =>
    'load' in node && cols[node.load] === 0
      ? [...get(operand(node.load)), ...simd(wide ? 10 : 9), 0, 0, ...set(value(i))]
      : [],
  );
  const turn = Array.from({ length: UNROLLED }, (_, k) => formulas(16 * k)).flat();
  return [
    ...list([
      [...unsigned(4 + cols.length), I32],
      [...unsigned(nodes.length), V128],
    ]), // prettier-ignore
    ...[...word(0), ...set(rows), ...word(1), ...tee(width), ...small(-16 * UNROLLED), AND, ...set(turns)],
    ...cols.flatMap((_, i) => [...word(2 + 2 * i), ...set(operand(i))]),
    ...[LOOP, VOID, ...splats, ...small(0), ...set(place)],
    ...until(turns, turn, 16 * UNROLLED),
    ...until(width, formulas(null), elementBytes),
    ...cols.flatMap((_, i) => [...get(operand(i)), ...word(3 + 2 * i), ADD, ...set(operand(i))]),
    ...[...get(rows), ...small(1), SUB, ...tee(rows), BR_IF, 0, END, END],
  ];
}
