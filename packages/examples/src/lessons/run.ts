/** Runs a program of a lesson, or one that somebody made of it. */
import { format } from 'node:util';
import { compileFunction } from 'node:vm';
import * as autograd from '@chronograd/autograd';
import * as nn from '@chronograd/nn';
import * as probe from '@chronograd/nn/probe';
import * as testing from '@chronograd/nn/testing';
import * as tensor from '@chronograd/tensor';
import { transformSync } from 'esbuild';
import type { RunFailure } from '../cli/errors.ts';
import { failureOf, Places, refusal } from './failure.ts';

/** What lessons, and files for `check`, import. */
export const PACKAGES: Readonly<Record<string, object>> = {
  '@chronograd/autograd': autograd,
  '@chronograd/nn': nn,
  '@chronograd/nn/probe': probe,
  '@chronograd/nn/testing': testing,
  '@chronograd/tensor': tensor,
};

/** What a program has beside its code. */
export interface Surroundings {
  /** Where the code stands, for messages. */
  readonly file: string;
  /** Takes each line that `console.log` prints, without the blanks at its end, and the piece that printed it. */
  readonly print: (line: string, piece: number) => void;
  /** Finds what is none of the lessons' packages. */
  readonly load?: (name: string) => unknown;
}

/** A stretch of a program, and the line of its file where it begins, from 1. */
export interface Stretch {
  readonly code: string;
  readonly line: number;
}

/** Stretches of TypeScript as one program, on any Node: esbuild takes the types off. */
export class Program {
  readonly #surroundings: Surroundings;
  readonly #places: Places;
  readonly #body: ReturnType<typeof compileFunction>;

  /** @throws RunFailure, naming the line, for what is no program */
  constructor(stretches: readonly Stretch[], surroundings: Surroundings) {
    const { file } = surroundings;
    this.#surroundings = surroundings;
    try {
      const { code, map } = transformSync(sourceOf(stretches), {
        loader: 'ts',
        format: 'cjs',
        target: 'es2022',
        sourcefile: file,
        sourcemap: 'external',
        logLevel: 'silent',
      });
      this.#places = new Places(file, map);
      const names = ['require', 'console', 'pieceEnds', 'module', 'exports'];
      this.#body = compileFunction(code, names, { filename: file });
    } catch (error) {
      throw refusal(error, file);
    }
  }

  /**
   * Returns when nothing waits any more that a promise would wake; what is printed after the last statement belongs to none of the
   * stretches, and has the number behind the last.
   * @throws RunFailure for whatever the program throws before its last statement
   */
  async run(): Promise<void> {
    const { print, load = unknownPackage } = this.#surroundings;
    let piece = 0;
    const log = (...values: unknown[]): void => {
      for (const line of format(...values).split('\n')) print(line.trimEnd(), piece);
    };
    const required = (name: string): unknown => PACKAGES[name] ?? load(name);
    try {
      this.#body(required, { ...console, log }, () => piece++, { exports: {} }, {});
      piece++;
    } catch (error) {
      throw this.failure(error);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** What the program threw, with the line of its file. */
  failure(error: unknown): RunFailure {
    return failureOf(error, this.#places);
  }
}

/** One source in which every stretch stands on the lines of its file. */
function sourceOf(stretches: readonly Stretch[]): string {
  const lines: string[] = [];
  for (const [k, { code, line }] of stretches.entries()) {
    while (lines.length < line - 1) lines.push('');
    lines.push(...`${k === 0 ? '' : 'pieceEnds(); '}${code.replace(/\n$/, '')}`.split('\n'));
  }
  return `${lines.join('\n')}\n`;
}

function unknownPackage(name: string): never {
  throw new Error(`${name} came, one of ${Object.keys(PACKAGES).join(', ')} was expected`);
}
