/** The site: VitePress over the pages that `scripts/pages.ts` writes. */
import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig } from 'vitepress';

const pages = new URL('../pages/', import.meta.url);

/** Pages of a folder with their titles, in the order of their names. */
function listOf(folder: string): { text: string; link: string }[] {
  return readdirSync(new URL(folder, pages))
    .filter((name) => /^\d.*\.md$/.test(name))
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((name) => {
      const [title] = /(?<=^# ).*/m.exec(readFileSync(new URL(`${folder}/${name}`, pages), 'utf8')) ?? [name];
      return { text: title, link: `/${folder}/${name.replace('.md', '')}` };
    });
}

/** The pages of the API reference. */
const apiPages = (): { text: string; link: string }[] =>
  readdirSync(new URL('api', pages))
    .filter((name) => name !== 'index.md')
    .map((name) => ({
      text: `@chronograd/${name.replace('.md', '').replace('-', '/')}`,
      link: `/api/${name.replace('.md', '')}`,
    }));

const page = (text: string, name: string) => ({ text, link: `/${name}` });
const guide = [
  {
    text: 'Use',
    items: [
      page('Start', 'start'),
      page('Guide', 'guide'),
      page('Training', 'training'),
      page('Data', 'data'),
      page('Streaming', 'streaming'),
      page('Probes', 'probes'),
      page('Several cores', 'parallel'),
      page('Browsers', 'browsers'),
      page('Programs', 'programs'),
      page('The lab', 'the-lab'),
    ],
  },
  {
    text: 'Your own cell',
    items: [page('Testing cells', 'testing-cells'), page('Cells from papers', 'packages/examples/src/cells')],
  },
  { text: 'From PyTorch', items: [page('Coming from PyTorch', 'pytorch')] },
  {
    text: 'How it works',
    items: [
      page('The tape', 'tape'),
      page('BPTT', 'bptt'),
      page('Memory', 'memory'),
      page('Performance', 'performance'),
      page('What is tested', 'correctness'),
    ],
  },
];

// biome-ignore lint/style/noDefaultExport: VitePress reads it
export default defineConfig({
  title: 'Chronograd',
  description: 'An autograd micro-framework for TypeScript, with recurrent networks first.',
  srcDir: 'pages',
  outDir: '../dist-site',
  // scripts/site.ts replaces it by the folder of the page.
  base: '/__base__/',
  cleanUrls: false,
  appearance: true,
  head: [
    [
      'link',
      {
        rel: 'icon',
        href: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path d='M2 12C5 12 5 4 8 4s3 8 6 8' fill='none' stroke='%231a6fb5' stroke-width='2.4' stroke-linecap='round'/></svg>",
      },
    ],
  ],
  markdown: {
    html: true,
    config(md) {
      const fence = md.renderer.rules.fence!;
      // Blocks of lessons have a Run button.
      md.renderer.rules.fence = (tokens, index, options, env, self) => {
        const html = fence(tokens, index, options, env, self);
        const { info } = tokens[index]!;
        if (info !== 'ts' || !/^lessons\/\d/.test(env.relativePath)) return html;
        const before = tokens
          .slice(0, index)
          .filter((token) => token.type === 'fence' && token.info === 'ts');
        return `<RunBlock :block="${before.length}">${html}</RunBlock>`;
      };
    },
  },
  vite: {
    build: { target: 'es2022', chunkSizeWarningLimit: 1500 },
    worker: { format: 'es', rollupOptions: { output: { inlineDynamicImports: true } } },
  },
  themeConfig: {
    nav: [
      { text: 'Lab', link: '/lab/', target: '_self' },
      page('Guide', 'start'),
      page('Lessons', 'lessons/'),
      page('API', 'api/'),
      page('Decisions', 'decisions/0001-three-homes-of-memory'),
    ],
    sidebar: {
      '/lessons/': [{ text: 'Lessons', items: [page('Contents', 'lessons/'), ...listOf('lessons')] }],
      '/decisions/': [{ text: 'Decisions', items: listOf('decisions') }],
      '/api/': [{ text: 'Entry points', items: apiPages() }],
      '/': guide,
    },
    outline: [2, 3],
    search: { provider: 'local' },
  },
});
