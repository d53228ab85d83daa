/** Where in a model a number stands: at which time step, in which gate, row and column. */
import { type Shape, ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, showShape, showValue, sizeOf } from '@chronograd/tensor/engine';
import { indexAt } from './text-table.ts';

/** Names of equal row blocks, by parameter: `{ weightHh: ['i', 'f', 'g', 'o'] }`. */
export type Blocks = Readonly<Record<string, readonly string[]>>;

/** What a report needs in order to speak of gates and time steps. */
export interface Localizing {
  /**
   * Gates. A name stands for every parameter whose path is it, or ends in it (`weightHh` for `recurrent.cell.weightHh`); the longest
   * that fits counts. Blocks are equal ranges of rows (axis 0).
   */
  readonly blocks?: Blocks;
  /**
   * What has time as its axis 0: paths of tensors, or of trees of them. Give what belongs to each step, such as the gradients of the
   * inputs and of the states before each step; then a step that is wrong shows at its own place, and at those before it.
   */
  readonly steps?: readonly string[];
}

export const LOCALIZING: OptionKeys<Localizing> = { blocks: true, steps: true };

/** Where one element stands; null where that means nothing: no time axis, no gates, fewer axes. */
export interface Place {
  readonly step: number | null;
  readonly gate: string | null;
  /** Within its gate, where there are gates. */
  readonly row: number | null;
  /** Null also where there are more than two axes beside time. */
  readonly column: number | null;
}

/** How the elements of one tensor are laid out over time steps and gates. */
export class Layout {
  readonly shape: Shape;
  /** Empty where none are named. */
  readonly gates: readonly string[];
  /** How many time steps; null where axis 0 is not time. */
  readonly steps: number | null;
  readonly #rest: Shape;
  readonly #rowsPerGate: number;

  /** @throws ValueError where rows cannot be divided among the gates. */
  constructor(op: string, name: string, shape: Shape, { blocks = {}, steps = [] }: Localizing) {
    const isSequence =
      shape.length > 0 && steps.some((path) => name === path || path === '' || name.startsWith(`${path}.`));
    this.shape = shape;
    this.steps = isSequence ? shape[0]! : null;
    this.#rest = isSequence ? shape.slice(1) : shape;
    this.gates = gatesOf(name, blocks);
    const rows = this.#rest[0] ?? 1;
    this.#rowsPerGate = rows / Math.max(1, this.gates.length);
    if (!Number.isInteger(this.#rowsPerGate)) {
      throw new ValueError(
        `${op}: ${this.gates.length} blocks (${this.gates.join(', ')}) came for ${name} with ${rows} rows, a number of rows that they divide was expected`,
      );
    }
  }

  /** @param position row-major. */
  place(position: number): Place {
    const index = indexAt(position, this.shape);
    const [row = null, column = null] = this.steps === null ? index : index.slice(1);
    const inGate = row !== null && this.gates.length > 0;
    return {
      step: this.steps === null ? null : index[0]!,
      gate: inGate ? this.gates[Math.floor(row / this.#rowsPerGate)]! : null,
      row: inGate ? row % this.#rowsPerGate : row,
      column: this.#rest.length === 2 ? column : null,
    };
  }

  /** The positions of a time step, from the first to before the last. */
  stepRange(step: number): [from: number, to: number] {
    const size = sizeOf(this.#rest);
    return [step * size, (step + 1) * size];
  }

  /** The positions of a gate, at a time step where there are several. */
  gateRange(gate: number, step = 0): [from: number, to: number] {
    const size = this.#rowsPerGate * sizeOf(this.#rest.slice(1));
    const start = step * sizeOf(this.#rest) + gate * size;
    return [start, start + size];
  }
}

function gatesOf(name: string, blocks: Blocks): readonly string[] {
  const fitting = Object.keys(blocks).filter((path) => name === path || name.endsWith(`.${path}`));
  const longest = fitting.reduce<string | undefined>(
    (best, path) => (best === undefined || path.length > best.length ? path : best),
    undefined,
  );
  return longest === undefined ? [] : blocks[longest]!;
}

/** `step 3, gate f, row 2, column 0`; without steps and gates the index, `[2, 0]`. */
export function showPlace(place: Place, index: readonly number[]): string {
  if (typeof place !== 'object' || place === null || !Array.isArray(index)) {
    throw new ValueError(
      `showPlace: expected a place and an index, got ${describeValue(place)} and ${describeValue(index)}; write showPlace({ step, gate, row, column }, [0, 1])`,
    );
  }
  const { step, gate, row, column } = place;
  if (step === null && gate === null) return showShape(index);
  const rest = step === null ? index : index.slice(1);
  const inside = rest.length > 2 ? [showShape(rest)] : [named('row', row), named('column', column)];
  return [named('step', step), named('gate', gate), ...inside].filter((part) => part !== '').join(', ');
}

const named = (what: string, value: number | string | null): string =>
  value === null || value === undefined
    ? ''
    : `${what} ${typeof value === 'string' ? value : showValue(value)}`;

/** What to say of the latest step at which several sequences part. */
export function partingLine(
  who: string,
  sequences: readonly {
    readonly name: string;
    readonly step: number | null;
    readonly steps: number | null;
  }[],
): string | null {
  const latest = latestStep(sequences);
  if (latest === null) return null;
  const names = sequences.filter(({ step }) => step === latest).map(({ name }) => name);
  const last = Math.max(...sequences.map(({ steps }) => steps ?? 0)) - 1;
  const later =
    latest === last
      ? ', the last one'
      : latest + 1 === last
        ? `; step ${last} agrees`
        : `; steps ${latest + 1} … ${last} agree`;
  return `walking back in time, ${who} part at step ${latest} (${names.join(', ')})${later}`;
}

/** The latest step at which any of several sequences is wrong. */
export function latestStep(sequences: readonly { readonly step: number | null }[]): number | null {
  return sequences.reduce<number | null>(
    (latest, { step }) => (step !== null && (latest === null || step > latest) ? step : latest),
    null,
  );
}
