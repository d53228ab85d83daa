/**
 * Packs the published packages as npm would, and lints their contents (publint, attw). Then it uses
 * them as an outside user would: installed side by side, imported by plain Node, and type-checked
 * without this repository's settings. Run `pnpm build` first.
 */
import './node-version.mjs';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = ['tensor', 'autograd', 'nn'];
/** "Are the types wrong?" has a separate compiler (38 MB), so only this check installs it. */
const ATTW = '@arethetypeswrong/cli@0.18.5';
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });
const pnpm = (args, cwd) =>
  process.env.npm_execpath === undefined
    ? run('npx', ['-y', 'pnpm@10.34.9', ...args], cwd)
    : run(process.execPath, [process.env.npm_execpath, ...args], cwd);

/** README links that do not lead to a file of the package. npm shows only this page. */
function brokenLinks(target) {
  const text = readFileSync(join(target, 'README.md'), 'utf8');
  const links = [...text.matchAll(/\]\(\s*<?([^)>\s]+)|^\[[^\]]+\]:\s*(\S+)|\b(?:href|src)="([^"]+)"/gm)];
  return links
    .map(([, inline, reference, attribute]) => inline ?? reference ?? attribute)
    .filter((link) => !/^([a-z]+:|#)/i.test(link))
    .filter(
      (link) =>
        !join(target, link).startsWith(target + sep) || !existsSync(join(target, link.replace(/#.*/, ''))),
    );
}

const folder = mkdtempSync(join(tmpdir(), 'chronograd-pack-'));
try {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@chronograd'), { recursive: true });
  for (const name of packages) {
    const source = join(root, 'packages', name);
    pnpm(['pack', '--pack-destination', folder], source);
    const tarball = readdirSync(folder).find((file) => file.includes(`-${name}-`) && file.endsWith('.tgz'));
    run(
      process.execPath,
      [join(root, 'node_modules/publint/src/cli.js'), 'run', join(folder, tarball), '--strict'],
      root,
    );
    const attwOptions = ['--profile', 'esm-only', '--no-definitely-typed', '--no-emoji', '--no-color'];
    pnpm(['--loglevel=error', 'dlx', ATTW, join(folder, tarball), ...attwOptions], folder);
    const target = join(modules, '@chronograd', name);
    mkdirSync(target);
    run('tar', ['-xzf', join(folder, tarball), '-C', target, '--strip-components=1'], folder);
    // Throws if "./package.json" is not exported. Bundlers and tools read it by that name.
    const manifest = createRequire(join(folder, 'stranger.js')).resolve(`@chronograd/${name}/package.json`);
    if (!(JSON.parse(readFileSync(manifest, 'utf8')).keywords?.length > 0))
      throw new Error(`@chronograd/${name}: package.json has no keywords`);
    const broken = brokenLinks(target);
    if (broken.length > 0)
      throw new Error(`@chronograd/${name}: README.md links to ${broken.join(', ')}, not in the package`);
    console.log(
      `@chronograd/${name}: packed and linted, ${readdirSync(join(target, 'dist')).length} entries in dist`,
    );
  }
  const install = (name, dependency) => {
    const installed = realpathSync(join(root, 'packages', name, 'node_modules', dependency));
    cpSync(installed, join(modules, dependency), { recursive: true });
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  install('tensor', 'pure-rand');
  install('nn', 'fflate');
  // fast-check is an optional peer. Everything else works without it, and the entry that needs it
  // throws a helpful error.
  writeFileSync(
    join(folder, 'without-fast-check.mjs'),
    `for (const entry of ['', '/npy', '/safetensors', '/data', '/probe', '/training', '/parallel', '/parallel/node']) await import('@chronograd/nn' + entry);
const error = await import('@chronograd/nn/testing').then(() => undefined, (error) => error);
if (error?.name !== 'ChronogradError' || !error.message.includes('npm install --save-dev fast-check')) throw error ?? new Error('fast-check is installed');
`,
  );
  run(process.execPath, ['without-fast-check.mjs'], folder);
  install('nn', 'fast-check');
  writeFileSync(
    join(folder, 'stranger.ts'),
    `import { grad, valueAndGrad } from '@chronograd/autograd';
import { Linear, loadStateDict, Recurrent, RNNCell, SGD, stateDict } from '@chronograd/nn';
import { Streams, Vocabulary } from '@chronograd/nn/data';
import { openNpz, readNpz, writeNpz } from '@chronograd/nn/npy';
import { recordTaps } from '@chronograd/nn/probe';
import { openSafetensors, readSafetensors, writeSafetensors } from '@chronograd/nn/safetensors';
import { type CellLaw, cellLaws } from '@chronograd/nn/testing';
import { fit, indexedDBStorage } from '@chronograd/nn/training';
import { Random, type Tensor, tensor, useKernels } from '@chronograd/tensor';
import { useWideKernels } from '@chronograd/tensor/node';
const laws: CellLaw[] = cellLaws(({ inputSize, hiddenSize, ...options }) => new RNNCell(inputSize, hiddenSize, options));
laws.find(({ id }) => id === 'batch')?.check();
const cell = new Recurrent(new RNNCell(3, 4, { random: new Random(1) }));
const { value, grads } = valueAndGrad(cell, (x: Tensor) => cell.forward(x).outputs.tanh().mean())(tensor([[[1, 2, 3]]]));
const weight: Tensor = grads.cell.weightHh;
const seen = recordTaps(cell, () => cell.forward(tensor([[[1, 2, 3]]]))).taps['cell.state'];
if (seen?.shape.join() !== '1,1,4') throw new Error('probes and cells do not meet');
loadStateDict(cell, readSafetensors(writeSafetensors(stateDict(cell))).tensors);
const [first] = openSafetensors(writeSafetensors(stateDict(cell))).names;
if (openNpz(writeNpz(stateDict(cell))).names.length !== 4 || first === undefined) throw new Error('names are lost');
loadStateDict(cell, readNpz(writeNpz(stateDict(cell), { compress: true })));
if (new Streams(Vocabulary.of('ab').encode('abab'), { batch: 1, steps: 2 }).next().inputs.shape[0] !== 2) throw new Error('streams are lost');
const layer = new Linear(2, 1, { random: new Random(1) });
const run = fit({ model: layer, optimizer: new SGD(layer, { lr: 0.1 }), loss: (x) => layer.forward(x).square().mean(), batches: [[tensor([[1, 2]])]] });
const types: string[] = [];
for await (const event of run) types.push(event.type);
if (types.join() !== 'step,done') throw new Error('the events of fit are lost');
const { kernels, reason } = useWideKernels();
if ((kernels === 'wide') !== (reason === null)) throw new Error('wide kernels give no reason');
useKernels('strict');
// The compiler checks that a browser's database fits.
export const inBrowser = () => indexedDBStorage(indexedDB, 'runs');
const cubic: number = grad((x: Tensor) => x.mul(x).mul(x))(tensor(2)).item();
if (cubic !== 12 || weight.shape[0] !== 4 || !Number.isFinite(value.item()) || !(new Linear(2, 2, { random: new Random(1) }))) throw new Error('wrong');
`,
  );
  run(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      'stranger.ts',
      '--ignoreConfig',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2022',
    ],
    folder,
  );
  run(process.execPath, ['stranger.js'], folder);
  console.log('The packed packages can be imported in plain Node and type-checked.');
} catch (error) {
  console.error(error.stdout ?? error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
