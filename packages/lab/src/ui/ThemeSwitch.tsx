/** Light or dark: what the system asks for, until the user chooses. */
import { signal } from '@preact/signals';

const chosen = signal<'light' | 'dark' | null>(null);
const dark = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(dark.matches);
dark.addEventListener('change', ({ matches }) => {
  systemDark.value = matches;
});

/** The theme that is shown. */
export const theme = () => chosen.value ?? (systemDark.value ? 'dark' : 'light');

export function ThemeSwitch() {
  const other = theme() === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="quiet"
      onClick={() => {
        chosen.value = other;
        document.documentElement.dataset.theme = other;
      }}
    >
      {other === 'dark' ? 'Dark' : 'Light'} theme
    </button>
  );
}
