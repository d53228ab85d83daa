/**
 * Size: all exports of a library in one bundle, minified, gzipped, plus kernels in separate files.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Case } from './cases.ts';
import type { Contestant } from './contestant-types.ts';
import type { CaseResult } from './results.ts';
import { caseResult, type Measured } from './rounds.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The imports of a bundle and the folder to resolve them from, and files that are loaded at run
 * time.
 */
const bundles: readonly {
  readonly peer: Contestant['peer'];
  readonly folder: string;
  readonly entry: string;
  readonly apart: readonly string[];
}[] = [
  {
    peer: 'chronograd',
    folder: here('..'),
    entry: ['tensor', 'autograd', 'nn']
      .map((name) => `export * as ${name} from '@chronograd/${name}';`)
      .join('\n'),
    apart: [],
  },
  {
    peer: 'tfjs',
    folder: here('../peers/js'),
    entry: [
      "export * from '@tensorflow/tfjs-core';",
      "import '@tensorflow/tfjs-core/dist/register_all_gradients';",
      "export * from '@tensorflow/tfjs-backend-wasm';",
    ].join('\n'),
    apart: ['@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'],
  },
  { peer: 'jax-js', folder: here('../peers/js'), entry: "export * from '@jax-js/jax';", apart: [] },
];

/**
 * Measures the size case. Only the baseline's row is given for Chronograd, since kernels and Nodes
 * share a bundle.
 */
export async function measureSize(spec: Case, all: readonly Contestant[]): Promise<CaseResult> {
  const absent: string[] = [];
  const failures: string[] = [];
  const measured: Measured[] = [];
  for (const { peer, folder, entry, apart } of bundles) {
    const contestant = all.findLast((each) => each.peer === peer);
    if (contestant === undefined) continue;
    if (!existsSync(`${folder}/node_modules`)) {
      absent.push(`${contestant.name}: ${contestant.absent ?? 'not installed'}`);
      continue;
    }
    try {
      const bytes = await bundle(folder, entry, apart);
      const name = peer === 'chronograd' ? 'Chronograd' : contestant.name;
      measured.push({
        contestant: { ...contestant, name },
        variant: '',
        values: [bytes / 1000],
        cores: [],
        loss: null,
      });
    } catch (error) {
      failures.push(`${contestant.name}: ${(error as Error).message}`);
    }
  }
  return caseResult(spec, measured, absent, failures);
}

async function bundle(folder: string, contents: string, apart: readonly string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['fs', 'path', 'crypto', 'util', 'os', 'perf_hooks', 'worker_threads'],
    logLevel: 'silent',
  });
  const require = createRequire(`${folder}/package.json`);
  const files = [outputFiles[0]!.contents, ...apart.map((path) => readFileSync(require.resolve(path)))];
  return files.reduce((sum, each) => sum + gzipSync(each, { level: 9 }).length, 0);
}
