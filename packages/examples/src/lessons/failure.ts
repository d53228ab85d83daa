/** Errors of a program that the user wrote, with file and line. */
import { SourceMap } from 'node:module';
import type { TransformFailure } from 'esbuild';
import { RunFailure } from '../cli/errors.ts';

/** Maps positions in the output of esbuild to the source file. */
export class SourcePositions {
  readonly file: string;
  readonly #map: SourceMap;
  /** `file:line:column` in a line of a stack. */
  readonly #place: RegExp;

  constructor(file: string, map: string) {
    this.file = file;
    this.#map = new SourceMap(JSON.parse(map));
    this.#place = new RegExp(
      `(?<=[ (])${file.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}:(\\d+):(\\d+)(?=\\)?$)`,
      'gm',
    );
  }

  /** A stack with positions in the source file. */
  inFile(stack: string): string {
    return stack.replace(this.#place, (printed, line: string, column: string) => {
      const entry = this.#map.findEntry(Number(line) - 1, Number(column) - 1);
      return 'originalLine' in entry
        ? `${this.file}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
        : printed;
    });
  }

  /** The innermost position of the file in a stack. */
  first(stack: string): string | undefined {
    return stack.match(this.#place)?.[0];
  }
}

/** An error that a program threw. `--debug` prints its stack. */
export function runtimeFailure(error: unknown, positions: SourcePositions): RunFailure {
  const stack = error instanceof Error ? positions.inFile(error.stack ?? '') : '';
  const what = error instanceof Error ? `${error.name}: ${error.message}` : `${String(error)} was thrown`;
  const failure = new RunFailure(`${positions.first(stack) ?? positions.file}: ${what}`, { cause: error });
  if (stack !== '') failure.stack = stack;
  return failure;
}

/** An error of the compiler. */
export function compileFailure(error: unknown, file: string): RunFailure {
  const [first] = (error as Partial<TransformFailure>).errors ?? [];
  if (first === undefined) return new RunFailure(`${file}: ${String(error)}`, { cause: error });
  const { text, location } = first;
  const place = location === null ? file : `${file}:${location.line}:${location.column + 1}`;
  const why = text.startsWith('Top-level await')
    ? 'await at the top level, which does not run here: put it into an async function and call that, or run the file with node (22.18 or later)'
    : `SyntaxError: ${text}`;
  return new RunFailure(`${place}: ${why}`, { cause: error });
}
