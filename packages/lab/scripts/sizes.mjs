/** Prints gzipped sizes of the built page: what is loaded first, and the parts that come later. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Bytes of a first load, gzipped, at most. */
export const MOST_FIRST = 450_000;

/** Gzipped bytes by file, and the sum of the first load: page, style, script and small worker. */
export function sizesOf(dist) {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.(html|js|css|json)$/.test(file));
  const zipped = files.map((file) => [file, gzipSync(readFileSync(join(dist, file)), { level: 9 }).length]);
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const isFirst = (file) => file === 'index.html' || html.includes(file) || file.includes('first-worker');
  const first = zipped.filter(([file]) => isFirst(file));
  return {
    first: Object.fromEntries(first),
    later: Object.fromEntries(zipped.filter(([file]) => !isFirst(file))),
    total: first.reduce((sum, [, bytes]) => sum + bytes, 0),
  };
}

/** Prints them. */
export function printSizes(dist) {
  const { first, later, total } = sizesOf(dist);
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`.padStart(10);
  console.log(`\nFirst load, gzip:${kilobytes(total)} of ${MOST_FIRST / 1000} KB`);
  for (const [file, bytes] of Object.entries(first)) console.log(`${kilobytes(bytes)}  ${file}`);
  console.log('When needed, or when the page is idle:');
  for (const [file, bytes] of Object.entries(later)) console.log(`${kilobytes(bytes)}  ${file}`);
}
