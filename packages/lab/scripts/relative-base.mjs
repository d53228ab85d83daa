/**
 * Makes built files independent of their folder on the host. VitePress writes one absolute base
 * into HTML, scripts and styles. Here each page computes it from its own address.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join, posix } from 'node:path';

/** The base that the site is built with. */
export const BASE = '/__base__/';

/** Rewrites all files of a folder. */
export function makeRelative(folder) {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    const page = name.replaceAll('\\', '/');
    const rewrite = { '.html': html, '.js': script, '.css': style }[extname(name)];
    if (rewrite === undefined) continue;
    const text = readFileSync(path, 'utf8');
    if (text.includes(BASE)) writeFileSync(path, rewrite(text, page));
  }
}

/** The way from a file to the top folder. */
const upFrom = (page) => posix.relative(posix.dirname(page), '.') || '.';

/** Attributes get relative paths. Scripts on the page read the base from `__base__`. */
function html(text, page) {
  const up = `${upFrom(page)}/`;
  const base = `<script>globalThis.__base__=new URL(${JSON.stringify(up)},location).pathname</script>`;
  return text
    .replace('<head>', `<head>${base}`)
    .replace(/(?<=(?:href|src)=")\/__base__\//g, up)
    .replace(/JSON\.parse\((".*?[^\\]")\)/gs, (all, json) =>
      json.includes(BASE) ? `JSON.parse(${json}.replaceAll(${quoted(BASE)},__base__))` : all,
    );
}

/** Literals that begin with the base become sums of it and the rest. */
function script(text) {
  return text
    .replace(/(["'])\/__base__\/(?=\1)/g, '(globalThis.__base__)+$1')
    .replace(/(["'])\/__base__\//g, 'globalThis.__base__+$1')
    .replace(/`\/__base__\//g, 'globalThis.__base__+`');
}

const style = (text, page) => text.replaceAll(BASE, `${upFrom(page)}/`);

/** In quotes, and not as one literal that would be rewritten again. */
const quoted = (base) => `'/'+'${base.slice(1)}'`;
