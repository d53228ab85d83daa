/** The result of a gradient check, as numbers and as text. */
import { ChronogradError, type Shape } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import { type Place, showPlace } from '../locate.ts';
import { type Column, describeDivergence, Report, showError, showNumber } from '../report.ts';

/** One number by autograd beside the same by differences. */
export interface GradcheckPair {
  /** The element of the input. Null where all elements moved along a random direction. */
  readonly index: readonly number[] | null;
  /** The same as time step, gate, row in the gate, and column. */
  readonly place: Place | null;
  /** The element of the result. Null for a random weighted sum of all. */
  readonly output: string | null;
  readonly autograd: number;
  readonly differences: number;
  /** |autograd − differences|. */
  readonly absolute: number;
  /** The same over the larger of both magnitudes. */
  readonly relative: number;
}

/** The result for one input. */
export interface GradcheckEntry {
  /** 1: the gradient itself. 2: the gradient of the gradient. */
  readonly order: 1 | 2;
  /** `inputs[0].weightHh`. Second order also has `cotangent`, in which the gradient is linear. */
  readonly input: string;
  readonly shape: Shape;
  /** Whether each element was moved alone, or all at once along random directions. */
  readonly moved: 'elements' | 'directions';
  /** The number of elements or directions that were tried. */
  readonly compared: number;
  /** The number of them that failed. */
  readonly failed: number;
  /** Of a failed sequence, the latest wrong time step. Null otherwise. */
  readonly step: number | null;
  /** The number of time steps of a sequence. Null for everything else. */
  readonly steps: number | null;
  /** The gates that failed, where any are named. */
  readonly wrongGates: readonly string[];
  /** The pair with the largest excess, at `step` if there is one. Null without elements. */
  readonly worst: GradcheckPair | null;
  /** Whether the result depends on no element of this input. Then 0 was compared with 0. */
  readonly ignored: boolean;
  /** What the failures look like. */
  readonly hints: readonly string[];
}

/** The report of a gradient check, with one entry for each input and order. */
export class GradcheckReport extends Report<GradcheckEntry> {
  readonly entries: readonly GradcheckEntry[];

  constructor(entries: readonly GradcheckEntry[]) {
    const named = entries.some(({ wrongGates }) => wrongGates.length > 0);
    super(entries, named ? [...COLUMNS, WRONG_GATES] : COLUMNS);
    this.entries = entries;
  }

  get passed(): boolean {
    return this.entries.every(({ failed }) => failed === 0);
  }

  /** Plain data, for other programs. Numbers that are not finite become null in JSON. */
  toJSON(): object {
    const { passed, step, entries } = this;
    return { passed, step, entries };
  }

  protected override remarks(): readonly string[] {
    return [1, 2].flatMap((order) => {
      const entries = this.entries.filter((entry) => entry.order === order);
      const sequences = entries.map(({ input, step, steps }) => ({ name: input, step, steps }));
      return describeDivergence('autograd and differences', sequences);
    });
  }
}

const COLUMNS: readonly Column<GradcheckEntry>[] = [
  ['', ({ failed }) => (failed === 0 ? 'ok' : 'WRONG')],
  ['input', ({ input }) => input],
  ['shape', ({ shape }) => showShape(shape)],
  ['order', ({ order }) => String(order)],
  ['tried', ({ compared, moved }) => `${compared} ${moved}`],
  ['failed', ({ failed }) => String(failed)],
  ['worst at', ({ worst, ignored }) => (worst === null ? '' : ignored ? 'no effect' : pairPlace(worst))],
  ['autograd', ({ worst }) => (worst === null ? '' : showNumber(worst.autograd))],
  ['differences', ({ worst }) => (worst === null ? '' : showNumber(worst.differences))],
  ['relative', ({ worst }) => (worst === null ? '' : showError(worst.relative))],
];

const WRONG_GATES: Column<GradcheckEntry> = ['wrong gates', ({ wrongGates }) => wrongGates.join(', ')];

const inputPlace = ({ index, place }: GradcheckPair): string =>
  index === null || place === null ? 'random direction' : showPlace(place, index);
const pairPlace = (pair: GradcheckPair): string =>
  `${inputPlace(pair)}${pair.output === null ? '' : ` → ${pair.output}`}`;

/** Autograd and differences disagree about a gradient. */
export class GradcheckError extends ChronogradError {
  override readonly name = 'GradcheckError';
  readonly report: GradcheckReport;

  constructor(report: GradcheckReport) {
    const wrong = report.entries.filter(({ failed }) => failed > 0);
    const hints = new Set(wrong.flatMap((entry) => entry.hints));
    const lines = [...[...hints].map((hint) => `hint: ${hint}`), report.toString()];
    super(`gradcheck: ${[...wrong.map(describeFailure), ...lines].join('\n')}`);
    this.report = report;
  }
}

function describeFailure({
  order,
  input,
  moved,
  compared,
  failed,
  wrongGates,
  worst,
}: GradcheckEntry): string {
  const { index, output, autograd, differences, relative } = worst!;
  const at = index === null ? ' along a random direction' : ` at ${inputPlace(worst!)}`;
  const gates = wrongGates.length === 0 ? '' : `; wrong gates: ${wrongGates.join(', ')}`;
  const what = order === 1 ? 'the gradient' : 'the second-order gradient';
  const of = output === null ? '' : ` of ${output}`;
  return `${what}${of} with respect to ${input}${at}: autograd ${showNumber(autograd)}, differences ${showNumber(differences)}, relative error ${showError(relative)}; ${failed} of ${compared} ${moved} failed${gates}`;
}
