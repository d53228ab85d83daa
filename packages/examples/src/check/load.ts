/**
 * Loads a TypeScript file of the user on any Node: esbuild strips types and bundles its imports.
 */
import { Console } from 'node:console';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { buildSync } from 'esbuild';
import { UsageError } from '../cli/errors.ts';
import { readRegularFile } from '../cli/read-file.ts';
import { compileFailure, runtimeFailure, SourcePositions } from '../lessons/failure.ts';
import { PACKAGES } from '../lessons/run.ts';

/** A loaded file. */
export interface Loaded {
  readonly exports: Readonly<Record<string, unknown>>;
  /** An error that code of the file threw, as one line with file and line. */
  readonly describeError: (error: unknown) => string;
}

/**
 * Runs a file and returns its exports. `console.log` in it prints on standard error.
 * @throws UsageError with file and line if the file cannot be read or compiled, or throws
 */
export function loadFile(file: string): Loaded {
  if (!/\.[cm]?[jt]s$/.test(file))
    throw new UsageError(`${file}: expected a TypeScript file, which ends in .ts`);
  readRegularFile(file, 'the file');
  const { code, positions } = compile(file);
  const module = { exports: {} };
  const require = createRequire(resolve(file));
  const required = (name: string): unknown => PACKAGES[name] ?? require(name);
  try {
    const run = compileFunction(code, ['require', 'console', 'module', 'exports'], { filename: file });
    run(required, new Console(process.stderr), module, module.exports);
  } catch (error) {
    throw usage(runtimeFailure(error, positions));
  }
  return { exports: module.exports, describeError: (error) => runtimeFailure(error, positions).message };
}

function compile(file: string): { readonly code: string; readonly positions: SourcePositions } {
  try {
    const { outputFiles } = buildSync({
      entryPoints: [file],
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'cjs',
      target: 'es2022',
      sourcemap: 'external',
      outfile: `${resolve(file)}.js`,
      write: false,
      logLevel: 'silent',
    });
    const textOf = (ending: string): string =>
      outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
    return { code: textOf('.js'), positions: new SourcePositions(file, textOf('.map')) };
  } catch (error) {
    throw usage(compileFailure(error, file));
  }
}

/** An invalid file is a usage error, not a failed run: exit code 2. */
function usage(failure: Error): UsageError {
  const [sentence] = failure.message.split('\n');
  return Object.assign(new UsageError(sentence, { cause: failure }), { stack: failure.stack });
}
