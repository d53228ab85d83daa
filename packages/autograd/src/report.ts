/** The common part of the reports of `gradcheck` and `compareGradients`. */

/** One column of a table: its header, and its cell for an entry. */
export type Column<Entry> = readonly [header: string, cell: (entry: Entry) => string];

/** A gradient of a sequence, where it is one. */
interface Sequence {
  /** The latest time step that is wrong. Null for right ones and for anything but a sequence. */
  readonly step: number | null;
  /** The number of time steps. */
  readonly steps: number | null;
}

/** A table of entries, and sentences below it. */
export abstract class Report<Entry extends Sequence> {
  readonly #entries: readonly Entry[];
  readonly #columns: readonly Column<Entry>[];
  /** Lines below the table that Markdown leaves out. */
  readonly #caption: readonly string[];

  protected constructor(
    entries: readonly Entry[],
    columns: readonly Column<Entry>[],
    caption: readonly string[] = [],
  ) {
    this.#entries = entries;
    this.#columns = columns;
    this.#caption = caption;
  }

  /** Whether all gradients are right. */
  abstract get passed(): boolean;

  /** What the errors look like. */
  protected abstract remarks(): readonly string[];

  /** The latest time step at which any sequence is wrong. Null where none is. */
  get step(): number | null {
    return latestStep(this.#entries);
  }

  /** A table with one line per entry, then where in time the gradients diverge. */
  toString(): string {
    const rows = this.#rows();
    const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
    const line = (row: readonly string[]): string =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd();
    return [...rows.map(line), ...this.#caption, ...this.remarks()].join('\n');
  }

  /** The same in Markdown. */
  toMarkdown(): string {
    const line = (cells: readonly string[]): string =>
      `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
    const [header, ...rows] = this.#rows();
    const rule = `|${'---|'.repeat(header!.length)}`;
    return [line(header!), rule, ...rows.map(line), ...this.remarks().map((text) => `\n${text}`)].join('\n');
  }

  #rows(): string[][] {
    const columns = this.#columns;
    return [
      columns.map(([header]) => header),
      ...this.#entries.map((entry) => columns.map(([, cell]) => cell(entry))),
    ];
  }
}

/** The latest step at which any of several sequences is wrong. */
function latestStep(sequences: readonly Sequence[]): number | null {
  const wrong = sequences.flatMap(({ step }) => step ?? []);
  return wrong.length === 0 ? null : Math.max(...wrong);
}

/** A sentence on the latest step at which several sequences diverge. Empty where none does. */
export function describeDivergence(
  who: string,
  sequences: readonly (Sequence & { readonly name: string })[],
): string[] {
  const latest = latestStep(sequences);
  if (latest === null) return [];
  const names = sequences.filter(({ step }) => step === latest).map(({ name }) => name);
  const last = Math.max(...sequences.map(({ steps }) => steps ?? 0)) - 1;
  const later =
    latest === last
      ? ', the last one'
      : latest + 1 === last
        ? `; step ${last} agrees`
        : `; steps ${latest + 1} … ${last} agree`;
  return [`walking back in time, ${who} diverge at step ${latest} (${names.join(', ')})${later}`];
}

/** A number with the digits that a comparison needs. */
export function showNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(12))) : String(value);
}

/** The size of an error, with two digits. */
export function showError(value: number): string {
  return value === 0 || !Number.isFinite(value) ? String(value) : value.toExponential(1);
}
