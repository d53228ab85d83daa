import { readFileSync } from 'node:fs';
import { compareGradients, gradcheck, valueAndGrad } from '@chronograd/autograd';
import { normal, Random, type Tensor, tensor } from '@chronograd/tensor';
import { describe, expect, test } from 'vitest';
import {
  type CellLawOptions,
  type CellSizes,
  cellLaws,
  checkCell,
} from '../../../src/checks/testing/index.ts';
import { GRUCell, LSTMCell, Recurrent } from '../../../src/index.ts';
import { failure } from './failure.ts';
import { backwardWith, type Mistake } from './mistaken-backward.ts';
import { GateOrderCell, lstmBackward, RecurrentTermCell } from './wrong-cells.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const page = read('../../../../../docs/testing-cells.md');
const wrongCells = read('./wrong-cells.ts');

/** The text between two marks of the page; of a code block, its contents. */
function block(mark: string): string {
  const [kind] = mark.split(':');
  const inside = page.split(`<!-- ${mark} -->\n`)[1]!.split(`\n<!-- /${kind} -->`)[0]!;
  return inside.replace(/^```\w*\n/, '').replace(/\n?```$/, '');
}

/** Runs a block unchanged; its imports become arguments. */
function run(mark: string, names: object): void {
  const code = block(mark).replace(/import .*\n/g, '');
  new Function(...Object.keys(names), code)(...Object.values(names));
}

/** A cell made of what the kit gives. */
const of =
  <C>(
    Class: new (inputSize: number, hiddenSize: number, options: Pick<CellSizes, 'random' | 'dtype'>) => C,
  ) =>
  ({ inputSize, hiddenSize, ...options }: CellSizes): C =>
    new Class(inputSize, hiddenSize, options);

/** Less to shrink, to the same end. */
const small = { batch: 2, inputSize: 2, hiddenSize: 2 };

describe('docs/testing-cells.md', () => {
  test('lists every law under the name that it has', () => {
    const laws = cellLaws(of(LSTMCell), { backward: lstmBackward });
    const rows = laws.map(({ id, name }) => `| \`${id}\` | ${name} |`);
    expect(block('laws').split('\n').slice(2)).toEqual(rows);
  });

  test('shows the cures of known mistakes', () => {
    const mistakes: readonly Mistake[] = [
      'no direct path',
      'first stream of the bias',
      'mean of the bias',
      'twice a gate',
      'sign of a gate of Whh',
      'Whh for its transpose',
      'no dState',
    ];
    const rows = block('mistakes').split('\n').slice(2);
    expect(rows).toHaveLength(mistakes.length);
    mistakes.forEach((mistake, i) => {
      const laws = cellLaws(of(LSTMCell), { backward: backwardWith([mistake]) });
      const { broken } = failure(laws.find(({ id }) => id === 'backward')!.check).report.laws[0]!;
      expect(rows[i]!.split(' | ')[1]).toBe(`${broken!.cure} |`);
    });
  });

  test('shows inputs that run', () => {
    const checked: boolean[] = [];
    const checkQuickly = (make: Parameters<typeof checkCell>[0], options: CellLawOptions) =>
      checked.push(checkCell(make, { ...options, runs: 1 }).passed);
    run('inputs', { tensor, makeCell: of(GRUCell), checkCell: checkQuickly });
    expect(checked).toEqual([true]);
  });

  test('shows code that runs: laws as tests, and a cell checked alone', () => {
    const names: string[] = [];
    run('runner', { LSTMCell, cellLaws, test: (name: string) => names.push(name) });
    expect(names).toEqual(cellLaws(of(LSTMCell)).map(({ name }) => name));
    const printed: string[] = [];
    const checkQuickly = (make: Parameters<typeof checkCell>[0]) => checkCell(make, { runs: 1 });
    run('alone', {
      GRUCell,
      checkCell: checkQuickly,
      console: { log: (text: string) => printed.push(text) },
    });
    expect(printed[0]).toMatch(/^ok {6}Outputs and states/);
  });

  test('shows how reports name gates and steps', () => {
    const random = new Random(1);
    const options = { random, dtype: 'float64' } as const;
    const cell = new LSTMCell(2, 2, options);
    const [inputs, h] = [normal([4, 1, 2], options), cell.initialState(1)];
    const { grads } = valueAndGrad({ cell, inputs }, () =>
      new Recurrent(cell).forward(inputs, h).outputs.sum(),
    )();
    const wrong = (x: Tensor, at: number) => x.toTypedArray().with(at, 0.5);
    const byHand = {
      cell: { ...grads.cell, weightHh: wrong(grads.cell.weightHh, 5) },
      inputs: wrong(grads.inputs, 2),
    };
    const printed: string[] = [];
    const console = { log: (text: string) => printed.push(text) };
    run('localize', { Recurrent, byHand, cell, compareGradients, console, gradcheck, grads, h, inputs });
    expect(printed.join('\n')).toBe(block('output: localize'));
  });

  test.each(['gate order', 'recurrent term'])('shows the mistake in %s as in the code', (mark) => {
    expect(wrongCells.split(`// wrong: ${mark}\n`)[1]!.split('\n// end')[0]).toBe(block(`code: ${mark}`));
  });

  test('shows the mistake in the handwritten backward as in the code', () => {
    const lines = (text: string) => text.split('\n').map((line) => line.trim());
    const shown = lines(page.split('```ts\nconst before')[1]!.split('```')[0]!).slice(0, -1);
    expect(lines(wrongCells.split('const before')[1]!).slice(0, 3)).toEqual(shown);
  });

  test.each([
    ['gate order', cellLaws(of(GateOrderCell), { largest: small }), 'gradients'],
    ['recurrent term', cellLaws(of(RecurrentTermCell), { largest: small }), 'gradients'],
    ['one gate at one step', cellLaws(of(LSTMCell), { backward: lstmBackward }), 'backward'],
  ] as const)('shows the report of %s', (mark, laws, id) => {
    const { message, report } = failure(laws.find((law) => law.id === id)!.check);
    expect(message).toBe(block(`output: ${mark}`));
    // Parameter, gate and time step.
    expect(message).toMatch(/cell\.weightIh .* gate [ifgo], row 0, column 0/);
    expect(message).toMatch(/walking back in time, .* diverge at step \d/);
    expect(report.laws[0]!.broken!.cure).toMatch(/gate|recurrence/);
  });
});
