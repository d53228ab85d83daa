/** Where the time went, as a table. */
import type { ProfileRow } from '@chronograd/tensor';

const HEAD = ['phase', 'kernel', 'calls', 'ms', 'share', 'GFLOP/s', 'GB/s'];

/** One row a kernel and phase, the longest first within a phase; the last row is the whole, which the others add up to. */
export function profileTable(milliseconds: number, rows: readonly ProfileRow[]): string {
  const share = (ms: number): string => `${((100 * ms) / milliseconds).toFixed(1)} %`;
  const rate = (amount: number, ms: number): string => (amount === 0 ? '' : (amount / ms / 1e6).toFixed(1));
  const cells = rows.map((row) => [
    row.phase ?? '',
    row.kernel,
    row.calls === 0 ? '' : String(row.calls),
    row.milliseconds.toFixed(1),
    share(row.milliseconds),
    rate(row.flops, row.milliseconds),
    rate(row.bytes, row.milliseconds),
  ]);
  const table = [HEAD, ...cells, ['', 'all steps', '', milliseconds.toFixed(1), share(milliseconds), '', '']];
  const widths = HEAD.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  return table
    .map((line) =>
      line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
    .map((line) => line.trimEnd())
    .join('\n');
}
