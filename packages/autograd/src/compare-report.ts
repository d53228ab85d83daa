/** What a comparison of gradients found: numbers, and tables for a terminal, for Markdown, and for other programs. */
import { ChronogradError, type FloatDtype, type Shape } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import { latestStep, type Place, partingLine, showPlace } from './place.ts';
import { markdownTable, showError, showNumber, textTable } from './text-table.ts';

/** How the rows of one gate compare. */
export interface GateComparison {
  readonly gate: string;
  readonly ok: boolean;
  /** How many elements are wrong, of how many. */
  readonly wrong: number;
  readonly size: number;
  /** Largest |manual − auto|, and the same relative to the largest magnitude in the parameter's gradients. */
  readonly absolute: number;
  readonly relative: number;
}

/** How one parameter's gradients compare. Where there is nothing to compare, `problem` says why and the numbers are NaN. */
export interface ParameterComparison {
  /** `cell.weightHh`; empty where the trees are single tensors. */
  readonly name: string;
  readonly shape: Shape;
  /** The coarser dtype of the two; plain numbers count as float64. */
  readonly dtype: FloatDtype;
  /** Largest |manual − auto|; of a sequence that is wrong, the largest at the step where it parts. */
  readonly absolute: number;
  /**
   * The same relative to the largest magnitude in this parameter's gradients (in a sequence: at that step and later ones): small elements
   * are not held to digits they cannot have.
   */
  readonly relative: number;
  /** Where that is; both measures are largest at the same element. */
  readonly index: readonly number[];
  /** The same in words of the model: gate, row inside the gate, column. Null where `problem` is not. */
  readonly place: Place | null;
  readonly manual: number;
  readonly auto: number;
  readonly ok: boolean;
  /** Of a sequence, the latest time step at which it is wrong: walking backward, where manual and auto first part. */
  readonly step: number | null;
  /** How many time steps a sequence has; null for all else. */
  readonly steps: number | null;
  /** Gate by gate, of a sequence at the step where it parts; empty where none are named. */
  readonly gates: readonly GateComparison[];
  /** What the errors look like. */
  readonly hints: readonly string[];
  /** Missing on one side, or of another shape. */
  readonly problem: string | null;
}

/** The result of `compareGradients`. */
export class GradientComparison {
  /** In the order of the trees. */
  readonly parameters: readonly ParameterComparison[];

  constructor(parameters: readonly ParameterComparison[]) {
    this.parameters = parameters;
  }

  get passed(): boolean {
    return this.parameters.every(({ ok }) => ok);
  }

  /** What to look at first: a parameter that cannot be compared, otherwise the largest relative error. */
  get worst(): ParameterComparison {
    return this.parameters.reduce((worst, each) => (badness(each) > badness(worst) ? each : worst));
  }

  /** The latest time step at which any sequence is wrong: walking backward, where manual and auto first part. Null where none is. */
  get step(): number | null {
    return latestStep(this.parameters);
  }

  /** A table, a line for each parameter; then where in time they part, and what the errors look like. */
  toString(): string {
    return [
      textTable(this.#rows()),
      "relative to the largest magnitude in each parameter's gradients",
      ...this.#remarks(),
    ].join('\n');
  }

  /** The same in Markdown. */
  toMarkdown(): string {
    return [markdownTable(this.#rows()), ...this.#remarks().map((line) => `\n${line}`)].join('\n');
  }

  /** Plain data, for other programs; numbers that are not finite turn to null in JSON. */
  toJSON(): object {
    const { passed, step, parameters } = this;
    return { passed, step, parameters };
  }

  /** @throws GradientMismatchError with the table, unless all parameters agree. */
  assert(): void {
    if (!this.passed) throw new GradientMismatchError(this);
  }

  #rows(): string[][] {
    const hasGates = this.parameters.some(({ gates }) => gates.length > 0);
    const header = ['', 'parameter', 'shape', 'absolute error', 'relative error', 'at', 'manual', 'auto'];
    const last = (text: string): string[] => (hasGates ? [text] : []);
    return [
      [...header, ...last('wrong gates')],
      ...this.parameters.map((each) => [...row(each), ...last(wrongGates(each))]),
    ];
  }

  #remarks(): string[] {
    const parting = partingLine('manual and auto', this.parameters);
    return [
      ...(parting === null ? [] : [parting]),
      ...new Set(this.parameters.flatMap(({ hints }) => hints)),
    ];
  }
}

/** Gradients that should be equal are not. */
export class GradientMismatchError extends ChronogradError {
  override readonly name = 'GradientMismatchError';
  readonly comparison: GradientComparison;

  constructor(comparison: GradientComparison) {
    const wrong = comparison.parameters.filter(({ ok }) => !ok).map(({ name }) => shown(name));
    super(
      `compareGradients: ${wrong.length} of ${comparison.parameters.length} parameters differ (${wrong.join(', ')})\n${comparison}`,
    );
    this.comparison = comparison;
  }
}

const badness = ({ problem, relative, ok }: ParameterComparison): number =>
  problem !== null || Number.isNaN(relative) ? Number.POSITIVE_INFINITY : ok ? relative : 1 + relative;

const shown = (name: string): string => (name === '' ? '(the tensor)' : name);

const wrongGates = ({ gates }: ParameterComparison): string =>
  gates
    .filter(({ ok }) => !ok)
    .map(({ gate }) => gate)
    .join(', ');

function row(parameter: ParameterComparison): string[] {
  const { name, shape, absolute, relative, index, place, manual, auto, ok, problem } = parameter;
  const start = [ok ? 'ok' : 'WRONG', shown(name), showShape(shape)];
  if (place === null) return [...start, problem ?? '', '', '', '', ''];
  return [
    ...start,
    showError(absolute),
    showError(relative),
    showPlace(place, index),
    showNumber(manual),
    showNumber(auto),
  ];
}
