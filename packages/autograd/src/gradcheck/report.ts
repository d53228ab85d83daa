/** What a gradient check found, as numbers and as text. */
import { ChronogradError, type Shape, showShape } from '@chronograd/tensor';
import { showError, showNumber, textTable } from '../text-table.ts';

/** One number by autograd beside the same by differences. */
export interface GradcheckPair {
  /** Which element of the input; null where many moved at once along a random direction. */
  readonly index: readonly number[] | null;
  /** Which element of the result; null where all were taken, weighted at random. */
  readonly output: string | null;
  readonly autograd: number;
  readonly differences: number;
  /** |autograd − differences|. */
  readonly absolute: number;
  /** The same over the larger of both magnitudes. */
  readonly relative: number;
}

/** What was found for one input. */
export interface GradcheckEntry {
  /** 1: the gradient itself; 2: the gradient of the gradient. */
  readonly order: 1 | 2;
  /** `inputs[0].weightHh`; in second order also `cotangent`, what the gradient is linear in. */
  readonly input: string;
  readonly shape: Shape;
  /** Whether each element was moved alone, or all at once along random directions. */
  readonly moved: 'elements' | 'directions';
  /** How many elements or directions were tried, and how many of them failed. */
  readonly compared: number;
  readonly failed: number;
  /** The pair that is worst in terms of what is allowed; null for an input without elements. */
  readonly worst: GradcheckPair | null;
  /** Whether nothing in the result depends on this input: what was checked is that 0 is 0. */
  readonly ignored: boolean;
  /** What the failures look like. */
  readonly hints: readonly string[];
}

/** The report of a gradient check, one entry for each input and order. */
export class GradcheckReport {
  readonly entries: readonly GradcheckEntry[];

  constructor(entries: readonly GradcheckEntry[]) {
    this.entries = entries;
  }

  get passed(): boolean {
    return this.entries.every(({ failed }) => failed === 0);
  }

  /** A table: for each input its worst pair. */
  toString(): string {
    const header = [
      '',
      'input',
      'shape',
      'order',
      'tried',
      'failed',
      'worst at',
      'autograd',
      'differences',
      'relative',
    ];
    return textTable([header, ...this.entries.map(row)]);
  }
}

function row(entry: GradcheckEntry): string[] {
  const { order, input, shape, moved, compared, failed, worst, ignored } = entry;
  const at = worst === null ? '' : ignored ? 'no effect' : place(worst);
  return [
    failed === 0 ? 'ok' : 'WRONG',
    input,
    showShape(shape),
    String(order),
    `${compared} ${moved}`,
    String(failed),
    at,
    worst === null ? '' : showNumber(worst.autograd),
    worst === null ? '' : showNumber(worst.differences),
    worst === null ? '' : showError(worst.relative),
  ];
}

const place = ({ index, output }: GradcheckPair): string =>
  `${index === null ? 'random direction' : showShape(index)}${output === null ? '' : ` → ${output}`}`;

/** A gradient that autograd and differences disagree about. */
export class GradcheckError extends ChronogradError {
  override readonly name = 'GradcheckError';
  readonly report: GradcheckReport;

  constructor(report: GradcheckReport) {
    super(explain(report));
    this.report = report;
  }
}

function explain(report: GradcheckReport): string {
  const wrong = report.entries.filter(({ failed }) => failed > 0);
  const lines = wrong.map(({ order, input, moved, compared, failed, worst }) => {
    const { index, output, autograd, differences, relative } = worst!;
    const at = index === null ? ' along a random direction' : ` at ${showShape(index)}`;
    const what = order === 1 ? 'the gradient' : 'the second-order gradient';
    const of = output === null ? '' : ` of ${output}`;
    return `${what}${of} with respect to ${input}${at}: autograd ${showNumber(autograd)}, differences ${showNumber(differences)}, relative error ${showError(relative)}; ${failed} of ${compared} ${moved} failed`;
  });
  const hints = new Set(wrong.flatMap((entry) => entry.hints));
  return [
    `gradcheck: ${lines.join('\n')}`,
    ...[...hints].map((hint) => `hint: ${hint}`),
    report.toString(),
  ].join('\n');
}
