/** A person's TypeScript file as a module, on any Node: esbuild takes the types off and brings in the files that it imports. */
import { Console } from 'node:console';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { buildSync } from 'esbuild';
import { UsageError } from '../cli/errors.ts';
import { readRegularFile } from '../cli/read-file.ts';
import { failureOf, Places, refusal } from '../lessons/failure.ts';
import { PACKAGES } from '../lessons/run.ts';

/** A loaded file. */
export interface Loaded {
  readonly exports: Readonly<Record<string, unknown>>;
  /** What code of the file threw, as one line with its place. */
  readonly inWords: (error: unknown) => string;
}

/**
 * Runs a file and returns its exports. `console.log` in it prints on standard error.
 * @throws UsageError, with file and line, for a file that cannot be read, is no program, or throws.
 */
export function loadFile(file: string): Loaded {
  if (!/\.[cm]?[jt]s$/.test(file))
    throw new UsageError(`${file}: expected a TypeScript file, which ends in .ts`);
  readRegularFile(file, 'the file');
  const { code, places } = compile(file);
  const module = { exports: {} };
  const require = createRequire(resolve(file));
  const required = (name: string): unknown => PACKAGES[name] ?? require(name);
  try {
    const run = compileFunction(code, ['require', 'console', 'module', 'exports'], { filename: file });
    run(required, new Console(process.stderr), module, module.exports);
  } catch (error) {
    throw usage(failureOf(error, places));
  }
  return { exports: module.exports, inWords: (error) => failureOf(error, places).message };
}

function compile(file: string): { readonly code: string; readonly places: Places } {
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
    return { code: textOf('.js'), places: new Places(file, textOf('.map')) };
  } catch (error) {
    throw usage(refusal(error, file));
  }
}

/** Bad input, not a failed run: exit code 2. */
function usage(failure: Error): UsageError {
  const [sentence] = failure.message.split('\n');
  return Object.assign(new UsageError(sentence, { cause: failure }), { stack: failure.stack });
}
