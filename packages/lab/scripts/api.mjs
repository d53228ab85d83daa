/** Writes the API reference: a page for each entry point of the packages, from their TSDoc. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Application } from 'typedoc';
import { ROOT } from './pages.mjs';

/** Entry points: the name of the page, and the module. */
const ENTRIES = {
  tensor: 'tensor/src/index.ts',
  autograd: 'autograd/src/index.ts',
  nn: 'nn/src/index.ts',
  'nn-data': 'nn/src/data/index.ts',
  'nn-training': 'nn/src/training/index.ts',
  'nn-testing': 'nn/src/checks/testing/index.ts',
  'nn-probe': 'nn/src/probe/index.ts',
  'nn-parallel': 'nn/src/parallel/index.ts',
  'nn-safetensors': 'nn/src/formats/safetensors/index.ts',
  'nn-npy': 'nn/src/formats/npy/index.ts',
};

/** Writes the pages into a folder. @throws Error if TypeDoc cannot read the sources */
export async function writeApi(folder) {
  /** @type {Partial<import('typedoc-plugin-markdown').PluginOptions>} */
  const markdown = {
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    useHTMLAnchors: true,
    expandParameters: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    classPropertiesFormat: 'table',
    sanitizeComments: true,
  };
  const app = await Application.bootstrapWithPlugins({
    name: 'API',
    plugin: ['typedoc-plugin-markdown'],
    entryPoints: Object.values(ENTRIES).map((entry) => join(ROOT, 'packages', entry)),
    tsconfig: join(ROOT, 'packages/lab/tsconfig.api.json'),
    readme: 'none',
    disableSources: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeExternals: true,
    logLevel: 'Error',
    ...markdown,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('api: TypeDoc found errors in the sources');
  const names = Object.entries(ENTRIES);
  for (const part of project.children ?? []) {
    const [name] = names.find(([, entry]) => entry.replace('/index.ts', '') === part.name) ?? [];
    part.name = name ?? part.name;
  }
  await app.outputs.writeOutput({ name: 'markdown', path: folder }, project);
  for (const name of Object.keys(ENTRIES)) {
    const page = join(folder, `${name}.md`);
    const text = readFileSync(page, 'utf8');
    writeFileSync(page, text.replace(/^# .*/m, `# @chronograd/${name.replace('-', '/')}`));
  }
}
