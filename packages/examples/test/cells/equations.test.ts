import { readdirSync, readFileSync } from 'node:fs';
import { normal, Random, type Tensor } from '@chronograd/tensor';
import { mapTensors, tensorLeaves } from '@chronograd/tensor/engine';
import { expect, test } from 'vitest';
import { EQUATIONS, type PlainState, type Weights } from './equations.ts';
import { zoo } from './zoo.ts';

const [BATCH, INPUTS, UNITS] = [3, 5, 4];

/** As rows; a vector as one. */
const matrix = (x: Tensor): number[][] => (x.rank === 1 ? x.unsqueeze(0) : x).toArray() as number[][];
const row = (x: Tensor, b: number): number[] => matrix(x)[b]!;

/** Stream `b` of a state that is a tensor, or { h, c }. */
function plain(state: unknown, b: number): PlainState {
  const found: Record<string, number[]> = { h: [], c: [] };
  for (const { path, leaf } of tensorLeaves('test', state)) found[path === 'c' ? 'c' : 'h'] = row(leaf, b);
  return found as unknown as PlainState;
}

test.each(zoo)('A step of %s is what its equations give in plain numbers, unit by unit', (name, make) => {
  const options = { random: new Random(7), dtype: 'float64' } as const;
  const cell = make(INPUTS, UNITS, options);
  // Away from zeros and ones, where a term too much or too few would not show.
  for (const parameter of cell.parameters()) {
    parameter.assign(parameter.add(normal(parameter.shape, { ...options, std: 0.3 })));
  }
  const weights = new Map(cell.namedParameters().map(([path, parameter]) => [path, matrix(parameter)]));
  const w: Weights = (path) => weights.get(path)!;
  const x = normal([BATCH, INPUTS], options);
  const before = mapTensors('test', cell.initialState(BATCH), ({ shape }) => normal(shape, options));
  const { output, state: after } = cell.step(x, before);
  for (let b = 0; b < BATCH; b++) {
    const wanted = EQUATIONS[name](w, row(x, b), plain(before, b));
    const found = plain(after, b);
    expect(row(output, b)).toEqual(found.h);
    expect(found.c.length).toBe(wanted.c.length);
    [...wanted.h, ...wanted.c].forEach((value, k) => {
      expect(Math.abs([...found.h, ...found.c][k]! - value)).toBeLessThanOrEqual(1e-14);
    });
  }
});

test('The zoo is complete: each file is one cell of at most 40 lines, in the table of its README', () => {
  const folder = new URL('../../src/cells/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  expect(names.map((name) => name.replace('.ts', ''))).toEqual(zoo.map(([name]) => name).sort());
  const readme = readFileSync(new URL('README.md', folder), 'utf8');
  for (const name of names) {
    const source = readFileSync(new URL(name, folder), 'utf8');
    expect(source.trimEnd().split('\n').length, name).toBeLessThanOrEqual(40);
    expect(source.match(/^export class/gm), name).toHaveLength(1);
    expect(readme).toContain(`(${name})`);
  }
});
