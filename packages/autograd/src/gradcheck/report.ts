/** What a gradient check found, as numbers and as text. */
import { ChronogradError, type Shape } from '@chronograd/tensor';
import { showShape } from '@chronograd/tensor/engine';
import { latestStep, type Place, partingLine, showPlace } from '../place.ts';
import { markdownTable, showError, showNumber, textTable } from '../text-table.ts';

/** One number by autograd beside the same by differences. */
export interface GradcheckPair {
  /** Which element of the input; null where many moved at once along a random direction. */
  readonly index: readonly number[] | null;
  /** The same in words of the model: time step, gate, row inside the gate, column. */
  readonly place: Place | null;
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
  /**
   * Of a sequence that failed, the latest time step at which it did: walking backward, where autograd and differences first part. Null for
   * all else.
   */
  readonly step: number | null;
  /** How many time steps a sequence has; null for all else. */
  readonly steps: number | null;
  /** The gates that failed, where any are named. */
  readonly wrongGates: readonly string[];
  /** The pair that is worst in terms of what is allowed, at `step` where there is one; null for an input without elements. */
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

  /** The latest time step at which any sequence failed; null where none did. */
  get step(): number | null {
    return latestStep(this.entries);
  }

  /** A table: for each input its worst pair; then where in time autograd and differences part. */
  toString(): string {
    return [textTable(this.#rows()), ...this.#remarks()].join('\n');
  }

  /** The same in Markdown. */
  toMarkdown(): string {
    return [markdownTable(this.#rows()), ...this.#remarks().map((line) => `\n${line}`)].join('\n');
  }

  /** Plain data, for other programs; numbers that are not finite turn to null in JSON. */
  toJSON(): object {
    const { passed, step, entries } = this;
    return { passed, step, entries };
  }

  #remarks(): string[] {
    return ([1, 2] as const).flatMap((order) => {
      const entries = this.entries.filter((entry) => entry.order === order);
      const sequences = entries.map(({ input, step, steps }) => ({ name: input, step, steps }));
      return partingLine('autograd and differences', sequences) ?? [];
    });
  }

  #rows(): string[][] {
    const hasGates = this.entries.some(({ wrongGates }) => wrongGates.length > 0);
    const last = (text: string): string[] => (hasGates ? [text] : []);
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
    return [
      [...header, ...last('wrong gates')],
      ...this.entries.map((entry) => [...row(entry), ...last(entry.wrongGates.join(', '))]),
    ];
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

const where = ({ index, place }: GradcheckPair): string =>
  index === null || place === null ? 'random direction' : showPlace(place, index);
const place = (pair: GradcheckPair): string =>
  `${where(pair)}${pair.output === null ? '' : ` → ${pair.output}`}`;

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
  const lines = wrong.map(({ order, input, moved, compared, failed, wrongGates, worst }) => {
    const { index, output, autograd, differences, relative } = worst!;
    const at = index === null ? ' along a random direction' : ` at ${where(worst!)}`;
    const gates = wrongGates.length === 0 ? '' : `; wrong gates: ${wrongGates.join(', ')}`;
    const what = order === 1 ? 'the gradient' : 'the second-order gradient';
    const of = output === null ? '' : ` of ${output}`;
    return `${what}${of} with respect to ${input}${at}: autograd ${showNumber(autograd)}, differences ${showNumber(differences)}, relative error ${showError(relative)}; ${failed} of ${compared} ${moved} failed${gates}`;
  });
  const hints = new Set(wrong.flatMap((entry) => entry.hints));
  return [
    `gradcheck: ${lines.join('\n')}`,
    ...[...hints].map((hint) => `hint: ${hint}`),
    report.toString(),
  ].join('\n');
}
