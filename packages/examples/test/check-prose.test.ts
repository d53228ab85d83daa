import { expect, test } from 'vitest';
// @ts-expect-error A script without types.
import { problemsOf } from '../../../scripts/check-prose.mjs';

const wide = 'word '.repeat(21).trim();

test('prose and comments wider than 100 columns are found, with their lines', () => {
  expect(wide).toHaveLength(104);
  expect(problemsOf('a.md', `# Title\n\n${wide}\n`)).toEqual([
    'a.md:3: expected at most 100 columns, got 104; wrap the text',
  ]);
  for (const comment of [`// ${wide}`, `/** ${wide} */`, `/*\n * ${wide}\n */`, `f('// a'); // ${wide}`]) {
    expect(problemsOf('a.ts', comment), comment).toEqual([
      expect.stringMatching(/^a\.ts:\d: expected at most 100 columns, got \d+; wrap the text$/),
    ]);
  }
});

test('code, code blocks, tables, link targets and URLs may be wider', () => {
  for (const markdown of [`\`\`\`ts\n${wide}\n\`\`\``, `| ${wide} |`, `[a b](${'x'.repeat(120)}) c`]) {
    expect(problemsOf('a.md', markdown), markdown).toEqual([]);
  }
  const url = `https://example.org/${'x'.repeat(120)}`;
  for (const code of [`f('${wide}');`, `// See ${url}`, `/**\n * \`\`\`ts\n * ${wide}\n * \`\`\`\n */`]) {
    expect(problemsOf('a.ts', code), code).toEqual([]);
  }
});

test('equations beside code may be wider, numbered or aligned; other comments there may not', () => {
  const code = `const a = ${'b + '.repeat(24)}c;`;
  expect(code).toHaveLength(108);
  for (const equation of ['// (12) a_t = Wxh x_t + bh', '//      dbh  += da_t']) {
    expect(problemsOf('a.ts', `${code} ${equation}`), equation).toEqual([]);
  }
  for (const comment of ['// a sum', '// (12) is a sum', '// a = b']) {
    expect(problemsOf('a.ts', `${code} ${comment}`), comment).toHaveLength(1);
  }
});

test('banned phrases are found in prose, comments and strings, across lines and in any case', () => {
  expect(problemsOf('a.md', 'The rate is 0.1 unless\nnamed.')).toEqual([
    'a.md:1: expected "Default: …", got "unless named"',
  ]);
  expect(problemsOf('a.ts', '/**\n * Fine.\n * Nobody\n * reads it.\n */')).toHaveLength(1);
  expect(problemsOf('a.ts', 'throw new Error(`2 came, a shape was expected`);')).toHaveLength(2);
  expect(problemsOf('a.md', '```ts\nconst nobody = 1;\n```\nH stands for hidden.')).toEqual([]);
});
