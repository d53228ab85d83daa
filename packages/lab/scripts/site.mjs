/** Builds the site with the lab into `dist-site`: static files for any folder of any host. */
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vitepress';
import { writeApi } from './api.mjs';
import { ROOT, writePages } from './pages.mjs';
import { makeRelative } from './relative-base.mjs';

const lab = fileURLToPath(new URL('..', import.meta.url));
const site = join(lab, 'site');
const out = join(lab, 'dist-site');

writePages();
await writeApi(join(site, 'pages/api'));
const report = join(ROOT, 'report');
const drawn = existsSync(join(report, 'index.html'));
const how = 'It is not part of this build. `pnpm report --quick` draws it; then build the site again.';
const gallery = drawn ? '[Open the report](./report/index.html){target="_self"}' : how;
writeFileSync(
  join(site, 'pages/gallery.md'),
  `# Experiments\n\nThe report shows what the experiments of this repository found, with plots.\n\n${gallery}\n`,
);
rmSync(out, { recursive: true, force: true });
await build(site);
cpSync(join(lab, 'dist'), join(out, 'lab'), { recursive: true });
if (drawn) cpSync(report, join(out, 'report'), { recursive: true });
makeRelative(out);
