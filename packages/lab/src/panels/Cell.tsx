/** The cell: a menu of prepared ones, and the editor. */
import { presets } from '../presets/index.ts';
import { classNameOf } from '../shell/program-file.ts';
import { change, onCell, state, waiting } from '../shell/store.ts';
import { Editor } from '../ui/Editor.tsx';
import { markedLine } from '../ui/marked-line.ts';
import { verdict } from './Verdict.tsx';

const GROUPS = { cells: 'Cells', zoo: 'From papers', wrong: 'Wrong on purpose' };

/** The title of a prepared cell, or the class of another. A changed cell loses the title. */
const nameOf = (code: string): string | null =>
  presets.find((each) => each.code === code)?.title ?? classNameOf(code);

export function CellPanel() {
  const [cell, ...others] = state.value.cells;
  const { error } = verdict.value;
  const edit = (name: string, code: string): void => change({ cells: [{ name, code }, ...others] });
  const preset = presets.find(({ code }) => code === cell!.code);
  return (
    <section class="cell" aria-label="Cell">
      <div class="bar">
        <label>
          Cell
          <select
            value={preset?.id ?? ''}
            onChange={({ currentTarget }) => {
              const chosen = presets.find(({ id }) => id === currentTarget.value);
              if (chosen !== undefined) edit(chosen.title, chosen.code);
            }}
          >
            {preset === undefined && <option value="">Edited</option>}
            {Object.entries(GROUPS).map(([group, label]) => (
              <optgroup key={group} label={label}>
                {presets
                  .filter((each) => each.group === group)
                  .map(({ id, title }) => (
                    <option key={id} value={id}>
                      {title}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
        <span class="muted">{preset?.about ?? 'runs when you pause'}</span>
      </div>
      {waiting.value && (
        <div class="notice" role="status">
          <span>This link brings a program. Read it, then run it.</span>
          <button
            type="button"
            class="primary"
            onClick={() => {
              waiting.value = false;
              onCell.value = false;
            }}
          >
            Run
          </button>
        </div>
      )}
      <Editor
        label="The cell in TypeScript"
        code={cell!.code}
        error={error}
        mark={markedLine.value}
        onChange={(code) => edit(nameOf(code) ?? cell!.name, code)}
      />
      {error !== null && (
        <p class="error" role="alert">
          {error.place !== null && <strong>Line {error.place.line}: </strong>}
          {error.message}
        </p>
      )}
    </section>
  );
}
