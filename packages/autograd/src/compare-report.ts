/** The result of `compareGradients`, as numbers and as text. */
import { ChronogradError, type FloatDtype, type Shape } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import { type Place, showPlace } from './locate.ts';
import { type Column, describeDivergence, Report, showError, showNumber } from './report.ts';

/** How the rows of one gate compare. */
export interface GateComparison {
  readonly gate: string;
  readonly ok: boolean;
  /** The number of wrong elements, of `size`. */
  readonly wrong: number;
  readonly size: number;
  /** The largest |manual − auto|. */
  readonly absolute: number;
  /** The same relative to the largest magnitude in the parameter's gradients. */
  readonly relative: number;
}

/** How one parameter's gradients compare. The numbers are NaN where `problem` is not null. */
export interface ParameterComparison {
  /** `cell.weightHh`. Empty where the trees are single tensors. */
  readonly name: string;
  readonly shape: Shape;
  /** The coarser dtype of the two. Plain numbers count as float64. */
  readonly dtype: FloatDtype;
  /** The largest |manual − auto|; of a wrong sequence, the largest at `step`. */
  readonly absolute: number;
  /**
   * The same relative to the largest magnitude in this parameter's gradients (of a sequence: at
   * that step and later ones). Small elements need not have digits that rounding takes away.
   */
  readonly relative: number;
  /** The element with the largest error. */
  readonly index: readonly number[];
  /** The same as gate, row in the gate, and column. Null where `problem` is not. */
  readonly place: Place | null;
  readonly manual: number;
  readonly auto: number;
  readonly ok: boolean;
  /** Of a wrong sequence, the latest wrong time step, where manual and auto diverge. */
  readonly step: number | null;
  /** The number of time steps of a sequence. Null for everything else. */
  readonly steps: number | null;
  /** Each gate, of a sequence at `step`. Empty where no gates are named. */
  readonly gates: readonly GateComparison[];
  /** What the errors look like. */
  readonly hints: readonly string[];
  /** Missing on one side, or of another shape. */
  readonly problem: string | null;
}

/** The result of `compareGradients`. */
export class GradientComparison extends Report<ParameterComparison> {
  /** In the order of the trees. */
  readonly parameters: readonly ParameterComparison[];

  constructor(parameters: readonly ParameterComparison[]) {
    const named = parameters.some(({ gates }) => gates.length > 0);
    const caption = "relative to the largest magnitude in each parameter's gradients";
    super(parameters, named ? [...COLUMNS, WRONG_GATES] : COLUMNS, [caption]);
    this.parameters = parameters;
  }

  get passed(): boolean {
    return this.parameters.every(({ ok }) => ok);
  }

  /** A parameter that cannot be compared, otherwise the one with the largest relative error. */
  get worst(): ParameterComparison {
    return this.parameters.reduce((worst, each) => (badness(each) > badness(worst) ? each : worst));
  }

  /** Plain data, for other programs. Numbers that are not finite become null in JSON. */
  toJSON(): object {
    const { passed, step, parameters } = this;
    return { passed, step, parameters };
  }

  /** @throws GradientMismatchError with the table, unless all parameters agree. */
  assert(): void {
    if (!this.passed) throw new GradientMismatchError(this);
  }

  protected override remarks(): readonly string[] {
    const hints = new Set(this.parameters.flatMap((each) => each.hints));
    return [...describeDivergence('manual and auto', this.parameters), ...hints];
  }
}

/** Gradients differ that should be equal. */
export class GradientMismatchError extends ChronogradError {
  override readonly name = 'GradientMismatchError';
  readonly comparison: GradientComparison;

  constructor(comparison: GradientComparison) {
    const wrong = comparison.parameters.filter(({ ok }) => !ok).map(shown);
    super(
      `compareGradients: ${wrong.length} of ${comparison.parameters.length} parameters differ (${wrong.join(', ')})\n${comparison}`,
    );
    this.comparison = comparison;
  }
}

const badness = ({ problem, relative, ok }: ParameterComparison): number =>
  problem !== null || Number.isNaN(relative) ? Number.POSITIVE_INFINITY : ok ? relative : 1 + relative;

const shown = ({ name }: ParameterComparison): string => (name === '' ? '(the tensor)' : name);

/** A column of numbers, which are empty where there is nothing to compare. */
const number = (header: string, cell: (each: ParameterComparison) => string): Column<ParameterComparison> => [
  header,
  (each) => (each.place === null ? '' : cell(each)),
];

const COLUMNS: readonly Column<ParameterComparison>[] = [
  ['', ({ ok }) => (ok ? 'ok' : 'WRONG')],
  ['parameter', shown],
  ['shape', ({ shape }) => showShape(shape)],
  ['absolute error', ({ problem, absolute }) => problem ?? showError(absolute)],
  number('relative error', ({ relative }) => showError(relative)),
  number('at', ({ place, index }) => showPlace(place!, index)),
  number('manual', ({ manual }) => showNumber(manual)),
  number('auto', ({ auto }) => showNumber(auto)),
];

const WRONG_GATES: Column<ParameterComparison> = [
  'wrong gates',
  ({ gates }) => gates.flatMap(({ ok, gate }) => (ok ? [] : gate)).join(', '),
];
