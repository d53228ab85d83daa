/** Links to prepared states of the page: those of the shown panel, or all. */
import { useMemo } from 'preact/hooks';
import { findings } from '../findings.ts';
import { encodeLink } from '../shell/link.ts';
import { initialState } from '../shell/state.ts';
import './Findings.css';

/** @param panel of the findings. Null: all panels */
export function Findings({ panel }: { readonly panel: string | null }) {
  const links = useMemo(
    () =>
      findings.map(({ id, sentence, state }) => ({
        id,
        sentence,
        panel: state.panel,
        href: `#${encodeLink({ ...initialState, ...state })}`,
      })),
    [],
  );
  const shown = links.filter((each) => panel === null || each.panel === panel);
  if (shown.length === 0) return null;
  return (
    <section class="findings" aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      <ol>
        {shown.map(({ id, sentence, href }) => (
          <li key={id}>
            <a href={href}>{sentence}</a>
          </li>
        ))}
      </ol>
    </section>
  );
}
