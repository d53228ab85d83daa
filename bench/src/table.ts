/** Results as text: one table per case, and one of ratios over all cases. */
import type { BenchResult, CaseResult, Peak, Row } from './results.ts';

/** A number with three digits, or all digits if it is larger, with commas. */
export function showNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  if (digits > 0) return value.toFixed(Math.min(6, digits));
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(value))) - 2);
  return (Math.round(value / unit) * unit).toLocaleString('en');
}

/** How many times as good Chronograd is. */
export function showRatio(ratio: number | null): string {
  return ratio === null ? '–' : `${showNumber(ratio)}×`;
}

const percent = (share: number): string => `±${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;

/**
 * The Markdown table of a case. For a matrix product, it includes our share of the machine's peak.
 */
export function caseTable(
  { case: spec, unit, rows, absent, failures }: CaseResult,
  peak: Peak | null,
): string {
  const table = markdown(
    ['', 'how', unit, 'spread', 'cores', 'Chronograd is'],
    rows.map(({ name, variant, median, spread, cores, ratio }) => [
      name,
      variant,
      showNumber(median),
      percent(spread),
      cores === null ? '' : cores.toFixed(2),
      showRatio(ratio),
    ]),
  );
  const shares =
    spec.kind !== 'matmul' || peak === null
      ? []
      : rows
          .filter(({ contestant }) => contestant.startsWith('chronograd'))
          .map(({ name, median, contestant }) => {
            const wide = contestant.endsWith('wide') && peak.wide !== null;
            const most = wide ? peak.wide! : (peak.fused ?? peak.separate);
            return `- ${name}: ${Math.round((median / most) * 100)} % of the ${wide ? 256 : 128}-bit peak`;
          });
  const notes = [
    ...shares,
    ...failures.map((line) => `- FAILED: ${line}`),
    ...absent.map((line) => `- absent: ${line}`),
  ];
  return [
    `### ${spec.title} (\`${spec.id}\`)`,
    '',
    table,
    ...(notes.length === 0 ? [] : ['', ...notes]),
  ].join('\n');
}

/** Ratios of all cases: Chronograd against the best variant of each peer. */
export function summaryTable({ cases, contestants }: Pick<BenchResult, 'cases' | 'contestants'>): string {
  const peers = contestants.filter(({ id }) =>
    cases.some(({ rows }) => rows.some((row) => row.contestant === id)),
  );
  const others = peers.filter(({ id }) => !id.startsWith('chronograd'));
  return markdown(
    ['case', 'Chronograd', ...others.map(({ name }) => name)],
    cases.map(({ case: spec, unit, rows, baseline }) => {
      const ours = rows.find((row) => nameOfRow(row) === baseline);
      return [
        spec.title,
        ours === undefined ? '–' : `${showNumber(ours.median)} ${unit}`,
        ...others.map(({ id }) => {
          const ratios = rows.flatMap((row) =>
            row.contestant === id && row.ratio !== null ? [row.ratio] : [],
          );
          return showRatio(ratios.length === 0 ? null : Math.min(...ratios));
        }),
      ];
    }),
  );
}

const nameOfRow = ({ name, variant }: Row): string => (variant === '' ? name : `${name}, ${variant}`);

/**
 * A Markdown table with padded columns, readable as plain text too. All columns but the first are
 * right-aligned.
 */
export function markdown(head: readonly string[], body: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...body.map((row) => row[column]!.length)),
  );
  const isNumber = head.map(
    (_, column) => column > 0 && body.every((row) => /^[–±\d]|^$/.test(row[column]!)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join(' | ')} |`;
  const rule = widths.map((width, i) => (isNumber[i] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  return [line(head), line(rule), ...body.map(line)].join('\n');
}

function showPeak(peak: Peak | null): string[] {
  if (peak === null) return [];
  const { fused, separate, wide } = peak;
  const parts = [
    ...(fused === null ? [] : [`${showNumber(fused)} GFLOP/s fused`]),
    `${showNumber(separate)} GFLOP/s not fused`,
  ];
  return [
    `- 128-bit peak in WebAssembly, one thread: ${parts.join(', ')}`,
    ...(wide === null ? [] : [`- 256-bit peak: ${showNumber(wide)} GFLOP/s fused`]),
  ];
}

/** The whole report in Markdown. */
export function report(result: BenchResult): string {
  const { date, machine, rounds, seconds, commit, quick, contestants, cases } = result;
  const absent = contestants.filter((each) => each.absent !== null);
  return [
    `# Bench, ${date}${quick ? ', quick' : ''}`,
    '',
    `Commit ${commit}; ${rounds} rounds of ${seconds} s in turn, medians. Spread is the largest distance from the median. Cores is processor time by time. "Chronograd is" is how many times as good the first row of Chronograd is: the median of the ratios per round. Above 1 Chronograd is better. bench/README.md describes the rows.`,
    '',
    ...Object.entries(machine).map(([name, value]) => `- ${name}: ${value}`),
    ...showPeak(result.peak),
    ...contestants
      .filter((each) => each.absent === null)
      .map(
        ({ name, versions }) =>
          `- ${name}: ${Object.entries(versions)
            .map((pair) => pair.join(' '))
            .join(', ')}`,
      ),
    ...absent.map(({ name, absent: reason }) => `- absent: ${name}: ${reason}`),
    '',
    '## How many times as good Chronograd is as the best variant of each',
    '',
    summaryTable(result),
    '',
    '## Cases',
    '',
    cases.map((each) => caseTable(each, result.peak)).join('\n\n'),
    '',
  ].join('\n');
}
