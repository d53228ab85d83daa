/** The data of a training: the built-in text, one that is pasted or dropped, or a CSV column. */
import type { TrainSettings } from '../settings/train.ts';

interface TrainDataProps {
  readonly settings: TrainSettings;
  readonly set: (fields: Partial<TrainSettings>) => void;
}

const ABOUT = {
  text: 'Predict the next character. Paste or drop a text, or leave the field empty for Moby Dick.',
  adding: 'Two of T numbers are marked, one in each half. Add them: the first must be remembered.',
  copy: 'Three symbols, T blanks, a mark: repeat the symbols. Harder the larger T is.',
  sine: 'Predict the next value of a sine with noise.',
  column: 'Predict the next value of a column: paste one number a line, or drop a CSV file.',
} as const;

export function TrainData({ settings: { task, data }, set }: TrainDataProps) {
  const takes = task === 'text' || task === 'column';
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const text = await file.text();
    set({ data: task === 'column' ? await columnOf(text) : text });
  };
  return (
    <div class="train-data">
      <p class="muted">{ABOUT[task]}</p>
      {takes && (
        <textarea
          aria-label={task === 'text' ? 'Text to train on' : 'Numbers to train on'}
          rows={3}
          placeholder={task === 'text' ? 'Moby Dick, five chapters' : '0.1\n0.5\n…'}
          value={data}
          onInput={({ currentTarget }) => set({ data: currentTarget.value })}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            void read(event.dataTransfer?.files[0]);
          }}
        />
      )}
      {takes && (
        <label class="file">
          or a file:{' '}
          <input
            type="file"
            accept={task === 'text' ? 'text/*' : '.csv,text/csv'}
            onChange={({ currentTarget }) => void read(currentTarget.files?.[0])}
          />
        </label>
      )}
    </div>
  );
}

/** The last column of a CSV file whose values are numbers, one a line. */
async function columnOf(text: string): Promise<string> {
  const { parse } = await import('csv-parse/browser/esm/sync');
  const rows: string[][] = parse(text, { relax_column_count: true, skip_empty_lines: true });
  const isNumber = (value: string | undefined): boolean =>
    value !== undefined && value.trim() !== '' && Number.isFinite(Number(value));
  const body = isNumber(rows[0]?.at(-1)) ? rows : rows.slice(1);
  const width = Math.max(0, ...body.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, i) => width - 1 - i);
  const chosen = columns.find((column) => body.every((row) => isNumber(row[column])));
  return chosen === undefined ? text : body.map((row) => row[chosen]).join('\n');
}
