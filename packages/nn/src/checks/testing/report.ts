/** The results of the laws: as text, as a table, and as data. */
import { ChronogradError } from '@chronograd/tensor';
import type { LawId, TestCaseSizes } from './options.ts';

/** A law that does not hold. */
export interface BrokenLaw {
  /** The smallest failing sizes found, and the seed. */
  readonly sizes: TestCaseSizes;
  /** What differs, between what, where. */
  readonly what: string;
  /** The likely mistake, and where to look. */
  readonly cure: string;
  /** A table of details: parameter, gate and time step. */
  readonly detail: string | null;
}

/** The outcome of one law. */
export interface LawOutcome {
  readonly id: LawId;
  /** A sentence: what holds. */
  readonly name: string;
  /** Null if the law holds or was not tried. */
  readonly broken: BrokenLaw | null;
  /** The broken law that implies or repeats this one. Null if this one was reported itself. */
  readonly untried: LawId | null;
}

/** The outcomes of the laws for one cell. */
export class CellLawReport {
  /** The name of the cell's class. */
  readonly cell: string;
  readonly laws: readonly LawOutcome[];

  constructor(cell: string, laws: readonly LawOutcome[]) {
    this.cell = cell;
    this.laws = laws;
  }

  get passed(): boolean {
    return brokenOf(this).length === 0;
  }

  /** One line for each law, then the broken laws in full. */
  toString(): string {
    const lines = this.laws.map((law) => `${statusOf(law).padEnd(6)}  ${law.name}`);
    return [...lines, ...brokenOf(this).map((law) => `\n${format(law)}`)].join('\n');
  }

  /** The same in Markdown. */
  toMarkdown(): string {
    return [
      `| ${this.cell} | law | smallest case that fails |`,
      '|---|---|---|',
      ...this.laws.map((law) => {
        const sizes = law.broken === null ? '' : formatSizes(law.broken.sizes);
        return `| ${statusOf(law)} | ${law.name} | ${sizes} |`;
      }),
      ...brokenOf(this).map((law) => `\n\`\`\`text\n${format(law)}\n\`\`\``),
    ].join('\n');
  }

  /** Plain data, for other programs. */
  toJSON(): object {
    const { cell, passed, laws } = this;
    return { cell, passed, laws };
  }

  /** @throws CellLawError unless all laws hold. */
  assert(): void {
    if (!this.passed) throw new CellLawError(this);
  }
}

/** A cell that breaks laws. */
export class CellLawError extends ChronogradError {
  override readonly name = 'CellLawError';
  readonly report: CellLawReport;

  constructor(report: CellLawReport) {
    const broken = brokenOf(report);
    const many =
      broken.length > 1 ? `${broken.length} of ${report.laws.length} laws; begin with the first` : 'a law';
    super(`cellLaws: ${report.cell} breaks ${many}\n\n${broken.map(format).join('\n\n')}`);
    this.report = report;
  }
}

const brokenOf = ({ laws }: CellLawReport): LawOutcome[] => laws.filter(({ broken }) => broken !== null);

const statusOf = ({ broken, untried }: LawOutcome): string =>
  broken !== null ? 'BROKEN' : untried !== null ? '–' : 'ok';

const formatSizes = ({ steps, batch, inputSize, hiddenSize, seed }: TestCaseSizes): string =>
  `T ${steps}, B ${batch}, F ${inputSize}, H ${hiddenSize}, seed ${seed}`;

function format({ name, broken }: LawOutcome): string {
  if (broken === null) return name;
  const { sizes, what, cure, detail } = broken;
  return [
    `BROKEN: ${name}`,
    `  smallest case: ${formatSizes(sizes)}`,
    `  what: ${what}`,
    `  likely cure: ${cure}`,
    ...(detail === null ? [] : detail.split('\n').map((line) => `  ${line}`)),
  ].join('\n');
}
