/** Whether the page is as narrow as a phone. Figures then have fewer units across. */
import { type ReadonlySignal, signal } from '@preact/signals';

const query = matchMedia('(max-width: 520px)');
const matches = signal(query.matches);
query.addEventListener('change', () => {
  matches.value = query.matches;
});

export const narrow: ReadonlySignal<boolean> = matches;
