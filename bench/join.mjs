/**
 * Joins parts of a run into whole results: `node bench/join.mjs FILE.json…`, after a build. Each
 * `pnpm bench --case … --rounds 5` overwrites the day's `-part.json`, so copy it before the next.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { joined } from './dist/join.js';
import { processorSlug } from './dist/machine.js';
import { report } from './dist/table.js';

const result = joined(process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8'))));
const path = new URL(`./results/${result.date}-${processorSlug()}`, import.meta.url).pathname;
writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 2)}\n`);
writeFileSync(`${path}.md`, report(result));
console.log(`Written: ${path}.md and .json`);
