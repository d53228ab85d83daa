import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { piecesOfLesson, readLesson } from '../../examples/src/lessons/page.ts';
import { block, type LineEvent } from '../src/engine/block.ts';

const folder = new URL('../../../docs/lessons/', import.meta.url);
const files = readdirSync(folder).filter((name) => /^\d.*\.md$/.test(name));

for (const file of files)
  test(`${file}: every block prints what the page says, in the worker's engine`, async () => {
    const lesson = readLesson(readFileSync(new URL(file, folder), 'utf8'), file);
    const pieces = piecesOfLesson(lesson);
    const lines: LineEvent[] = [];
    for await (const line of block([], { pieces, from: 0 })) lines.push(line);
    expect(lines.map(({ line }) => line)).toEqual(lines.map(({ expected }) => expected));
    expect(lines.length).toBeGreaterThan(5);
  });
