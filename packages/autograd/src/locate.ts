/** Locating a number in a model: its time step, gate, row and column. */
import { type Shape, ValueError } from '@chronograd/tensor';
import { describeValue, type OptionKeys, showShape, showValue, sizeOf } from '@chronograd/tensor/engine';

/** Names of equal row blocks, by parameter: `{ weightHh: ['i', 'f', 'g', 'o'] }`. */
export type Blocks = Readonly<Record<string, readonly string[]>>;

/** Options of reports that name gates and time steps. */
export interface LocateOptions {
  /**
   * Gates, as equal ranges of rows (axis 0). A name applies to every parameter whose path equals it
   * or ends in it: `weightHh` to `recurrent.cell.weightHh`. The longest match is used.
   */
  readonly blocks?: Blocks;
  /**
   * Paths of tensors, or of trees of them, whose axis 0 is time. List gradients that belong to each
   * step, such as those of the inputs and of the states before each step. A wrong step then shows
   * at its own place and at earlier ones.
   */
  readonly steps?: readonly string[];
}

export const LOCATE_OPTIONS: OptionKeys<LocateOptions> = { blocks: true, steps: true };

/** The place of one element. A field is null without a time axis, gates, or enough axes. */
export interface Place {
  readonly step: number | null;
  readonly gate: string | null;
  /** Within its gate, where there are gates. */
  readonly row: number | null;
  /** Null also where there are more than two axes besides time. */
  readonly column: number | null;
}

/** Positions of elements in row-major order, the last one excluded. */
export type Range = readonly [from: number, to: number];

/** How the elements of one tensor are laid out over time steps and gates. */
export class ParameterLayout {
  readonly shape: Shape;
  /** Empty where none are named. */
  readonly gates: readonly string[];
  /** The number of time steps. Null where axis 0 is not time. */
  readonly steps: number | null;
  readonly #rest: Shape;
  readonly #rowsPerGate: number;

  /** @throws ValueError where rows cannot be divided among the gates. */
  constructor(op: string, name: string, shape: Shape, { blocks = {}, steps = [] }: LocateOptions) {
    const isSequence =
      shape.length > 0 && steps.some((path) => name === path || path === '' || name.startsWith(`${path}.`));
    this.shape = shape;
    this.steps = isSequence ? shape[0]! : null;
    this.#rest = isSequence ? shape.slice(1) : shape;
    const [longest] = Object.keys(blocks)
      .filter((path) => name === path || name.endsWith(`.${path}`))
      .sort((a, b) => b.length - a.length);
    this.gates = longest === undefined ? [] : blocks[longest]!;
    const rows = this.#rest[0] ?? 1;
    this.#rowsPerGate = rows / Math.max(1, this.gates.length);
    if (Number.isInteger(this.#rowsPerGate)) return;
    throw new ValueError(
      `${op}: expected a number of rows that ${this.gates.length} blocks (${this.gates.join(', ')}) divide for ${name}, got ${rows}`,
    );
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

  /** The elements of a time step. */
  stepRange(step: number): Range {
    const size = sizeOf(this.#rest);
    return [step * size, (step + 1) * size];
  }

  /** The elements of a gate, at one time step of a sequence. */
  gateRange(gate: number, step: number | null): Range {
    const size = this.#rowsPerGate * sizeOf(this.#rest.slice(1));
    const start = (step ?? 0) * sizeOf(this.#rest) + gate * size;
    return [start, start + size];
  }

  /**
   * The latest time step of a sequence that is wrong. Errors travel backward in time, so this is
   * where two computations diverge. Null where none is wrong, or there is no time axis.
   */
  firstDivergentStep(isWrong: (range: Range) => boolean): number | null {
    for (let step = (this.steps ?? 0) - 1; step >= 0; step--) {
      if (isWrong(this.stepRange(step))) return step;
    }
    return null;
  }
}

/** Position in row-major order → index along each axis. */
export function indexAt(position: number, shape: Shape): number[] {
  let rest = position;
  return shape
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    })
    .reverse();
}

/** `step 3, gate f, row 2, column 0`. Without steps and gates the index, `[2, 0]`. */
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
