/** What the laws found: as words, as a table, and as data. */
import { ChronogradError } from '@chronograd/tensor';
import type { LawId, TrialSizes } from './options.ts';

/** A law that does not hold. */
export interface BrokenLaw {
  /** The smallest sizes found at which it does not, and the seed. */
  readonly sizes: TrialSizes;
  /** What differs, between what, where. */
  readonly what: string;
  /** The likely mistake, and where to look. */
  readonly cure: string;
  /** A table for those who read on: which parameter, which gate, which time step. */
  readonly detail: string | null;
}

/** One law, tried. */
export interface LawOutcome {
  readonly id: LawId;
  /** A sentence: what holds. */
  readonly name: string;
  /** Null where the law holds, or was not tried. */
  readonly broken: BrokenLaw | null;
  /** The broken law that says the same as this one would, which was not tried, or does. */
  readonly untried: LawId | null;
}

/** The laws, tried on one cell. */
export class CellLawReport {
  /** The name of the cell's class. */
  readonly cell: string;
  readonly laws: readonly LawOutcome[];

  constructor(cell: string, laws: readonly LawOutcome[]) {
    this.cell = cell;
    this.laws = laws;
  }

  get passed(): boolean {
    return this.laws.every(({ broken }) => broken === null);
  }

  /** A line for each law, and below what is broken in full. */
  toString(): string {
    const lines = this.laws.map((law) => `${verdictOf(law).padEnd(6)}  ${law.name}`);
    return [...lines, ...this.#broken().map((each) => `\n${inWords(each)}`)].join('\n');
  }

  /** The same in Markdown. */
  toMarkdown(): string {
    const rows = this.laws.map(
      (law) =>
        `| ${verdictOf(law)} | ${law.name} | ${law.broken === null ? '' : sizesOf(law.broken.sizes)} |`,
    );
    const broken = this.#broken().map((each) => `\n\`\`\`text\n${inWords(each)}\n\`\`\``);
    return [`| ${this.cell} | law | smallest case that fails |`, '|---|---|---|', ...rows, ...broken].join(
      '\n',
    );
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

  #broken(): LawOutcome[] {
    return this.laws.filter(({ broken }) => broken !== null);
  }
}

/** A cell that breaks laws. */
export class CellLawError extends ChronogradError {
  override readonly name = 'CellLawError';
  readonly report: CellLawReport;

  constructor(report: CellLawReport) {
    const broken = report.laws.filter(({ broken }) => broken !== null);
    const many =
      broken.length > 1 ? `${broken.length} of ${report.laws.length} laws; begin with the first` : 'a law';
    super(`cellLaws: ${report.cell} breaks ${many}\n\n${broken.map(inWords).join('\n\n')}`);
    this.report = report;
  }
}

const verdictOf = ({ broken, untried }: LawOutcome): string =>
  broken !== null ? 'BROKEN' : untried !== null ? '–' : 'ok';

const sizesOf = ({ steps, batch, inputSize, hiddenSize, seed }: TrialSizes): string =>
  `T ${steps}, B ${batch}, F ${inputSize}, H ${hiddenSize}, seed ${seed}`;

function inWords({ name, broken }: LawOutcome): string {
  if (broken === null) return name;
  const { sizes, what, cure, detail } = broken;
  return [
    `BROKEN: ${name}`,
    `  smallest case: ${sizesOf(sizes)}`,
    `  what: ${what}`,
    `  likely cure: ${cure}`,
    ...(detail === null ? [] : detail.split('\n').map((line) => `  ${line}`)),
  ].join('\n');
}
