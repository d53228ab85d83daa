/** The cells that the edited one is compared with. */
import { presetOf, presets } from '../presets/index.ts';
import { change, state } from '../shell/store.ts';

/** @param most how many others a panel shows */
export function Others({ most }: { readonly most: number }) {
  const [cell, ...others] = state.value.cells;
  const shown = new Set(others.slice(0, most).map(({ name }) => name));
  return (
    <fieldset class="choices">
      <legend>Compare with</legend>
      {presets
        .filter(({ group, title }) => group === 'cells' && title !== cell!.name)
        .map(({ id, title }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={shown.has(title)}
              onChange={() => {
                const rest = others.filter(({ name }) => name !== title);
                const added = { name: title, code: presetOf(id).code };
                change({ cells: [cell!, ...(shown.has(title) ? rest : [added, ...rest].slice(0, 2))] });
              }}
            />
            {title}
          </label>
        ))}
    </fieldset>
  );
}
