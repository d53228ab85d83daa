import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { piecesOfLesson, readLesson } from '../../../examples/src/lessons/page.ts';
import { inBrowsers } from './browsers.ts';
import { eventsOf } from './lab.ts';

const folder = new URL('../../../../docs/lessons/', import.meta.url);
const files = readdirSync(folder).filter((name) => /^\d.*\.md$/.test(name));

inBrowsers((openLab) => {
  test.each(files)('every block of %s prints what the page says', async (file) => {
    const pieces = piecesOfLesson(readLesson(readFileSync(new URL(file, folder), 'utf8'), file));
    const page = await openLab();
    const settings = { pieces: pieces.map(({ code, expected }) => ({ code, expected })), from: 0 };
    const lines = await eventsOf(page, 'block', [], settings);
    expect(lines.map(({ line }) => line)).toEqual(lines.map(({ expected }) => expected));
    expect(lines.length).toBeGreaterThan(5);
    expect(page.problems).toEqual([]);
  });
});
