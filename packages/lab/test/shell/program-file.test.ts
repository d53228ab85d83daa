/** The saved program is what `pnpm check FILE` reads, and prints its report under Node itself. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { compile } from '../../src/engine/program.ts';
import { presetOf, presets } from '../../src/presets/index.ts';
import { classNameOf, programFile } from '../../src/shell/program-file.ts';

// Beside the packages, so that Node finds them.
const folder = mkdtempSync(fileURLToPath(new URL('program-file-', import.meta.url)));
afterAll(() => rmSync(folder, { recursive: true }));
const node24 = Number.parseInt(process.versions.node, 10) >= 24;

for (const { title, code } of presets)
  test(`The saved program of ${title} has the same cell, and checks it`, () => {
    const text = programFile(code, classNameOf(code)!);
    const { name, backward } = compile(text.replaceAll('import.meta.filename', "''"));
    expect(name).toBe(classNameOf(code));
    expect(text.includes('{ backward')).toBe(backward !== null);
    expect(text).toContain(`new ${name}(inputSize, hiddenSize, rest)`);
  });

test.runIf(node24)('The saved program prints that all laws of the GRU hold, under node', () => {
  const file = join(folder, 'gru.ts');
  writeFileSync(file, programFile(presetOf('gru').code, 'GRU'));
  const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
  expect(printed.trim().split('\n')).toHaveLength(12);
  expect(printed.match(/^ok /gm)).toHaveLength(12);
});
