/** TypeScript in a worker of the page: types and completions. The program is read, never run. */
import ts from 'typescript';
import type { Answer, Question, TypeFiles } from './messages.ts';

const FILE = '/cell.ts';
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ['lib.es2023.d.ts'],
  types: [],
};

/** A language service over files in memory, one of which changes. */
class Service {
  readonly #files: Map<string, string>;
  readonly #folders: Set<string>;
  readonly #service: ts.LanguageService;
  #version = 0;

  constructor(files: TypeFiles) {
    this.#files = new Map([[FILE, ''], ...Object.entries(files)]);
    const names = [...this.#files.keys()];
    this.#folders = new Set(
      names.flatMap((name) => [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index))),
    );
    const read = (name: string): string | undefined => this.#files.get(name);
    this.#service = ts.createLanguageService({
      getScriptFileNames: () => [FILE],
      getScriptVersion: (name) => (name === FILE ? String(this.#version) : '0'),
      getScriptSnapshot(name) {
        const text = read(name);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => '/',
      getCompilationSettings: () => OPTIONS,
      getDefaultLibFileName: () => '/lib/lib.es2023.d.ts',
      fileExists: (name) => this.#files.has(name),
      directoryExists: (name) => this.#folders.has(name),
      readFile: read,
    });
  }

  /** The type and the documentation of what is at a position, or null. */
  typeAt(code: string, position: number): Answer['type'] {
    this.#update(code);
    const found = this.#service.getQuickInfoAtPosition(FILE, position);
    if (found === undefined) return null;
    const { textSpan, displayParts, documentation } = found;
    return {
      from: textSpan.start,
      to: textSpan.start + textSpan.length,
      // Of an import: what is imported, without the line that says so.
      signature: ts
        .displayPartsToString(displayParts)
        .replace(/^\(alias\) /, '')
        .replace(/\nimport .*$/, ''),
      documentation: ts.displayPartsToString(documentation).replace(/(\S)\n(?=\S)/g, '$1 '),
    };
  }

  /** Names that can be written at a position. */
  completionsAt(code: string, position: number): Answer['completions'] {
    this.#update(code);
    const { entries = [] } = this.#service.getCompletionsAtPosition(FILE, position, {}) ?? {};
    return entries.map(({ name, kind }) => ({ label: name, type: kind }));
  }

  #update(code: string): void {
    if (this.#files.get(FILE) === code) return;
    this.#files.set(FILE, code);
    this.#version++;
  }
}

let service: Service | null = null;

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  if (data.files !== undefined) service = new Service(data.files);
  const { id, kind, code = '', position = 0 } = data;
  if (id === undefined || service === null) return;
  const type = kind === 'type' ? service.typeAt(code, position) : null;
  const completions = kind === 'completions' ? service.completionsAt(code, position) : [];
  postMessage({ id, type, completions } satisfies Answer);
});
