/** The page: the cell at the left, one panel at the right. */
import { CellPanel } from './panels/Cell.tsx';
import { Findings } from './panels/Findings.tsx';
import { loaded, loadPanel, panels } from './panels/index.ts';
import { change, onCell, showCell, state } from './shell/store.ts';
import { ThemeSwitch } from './ui/ThemeSwitch.tsx';

export function App() {
  const { panel } = state.value;
  const shown = panels.find(({ id }) => id === panel) ?? panels[0]!;
  const Panel = loaded.value[shown.id];
  if (Panel === undefined) void loadPanel(shown);
  return (
    <div class={onCell.value ? 'page on-cell' : 'page'}>
      <header>
        <h1>
          <a href="../">Chronograd</a> lab
        </h1>
        <p class="tagline">Type a recurrent cell. See it proven, see its gradient flow, train it.</p>
        <ThemeSwitch />
      </header>
      <nav aria-label="Panels">
        <button type="button" class="tab tab-cell" aria-pressed={onCell.value} onClick={showCell}>
          Cell
        </button>
        {panels.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            class="tab"
            aria-pressed={id === shown.id && !onCell.value}
            data-shown={id === shown.id}
            onClick={() => {
              onCell.value = false;
              change({ panel: id });
            }}
          >
            {title}
          </button>
        ))}
      </nav>
      <CellPanel />
      <main aria-label={shown.title}>
        {Panel === undefined ? <p class="muted">Loading …</p> : <Panel />}
        <Findings panel={shown.id === 'verdict' ? null : shown.id} />
      </main>
    </div>
  );
}
