import { readFileSync } from 'node:fs';
import { compareGradients, gradcheck, valueAndGrad } from '@chronograd/autograd';
import { normal, Parameter, Random, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import { UpdateGateCell } from '../../examples/src/own-cell.ts';
import { Streams, Vocabulary } from '../src/data/index.ts';
import {
  Adagrad,
  type AnyCell,
  type Cell,
  clipByValue,
  crossEntropy,
  Embedding,
  Linear,
  LSTMCell,
  Module,
  Recurrent,
  RNNCell,
  variationalDropout,
  weightDrop,
  zoneout,
} from '../src/index.ts';
import { errorAgainstDifferences } from './differences.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const source = read('packages/examples/src/own-cell.ts');
/** The code between two marks of a page. */
const block = (mark: string, page = 'README.md') =>
  new RegExp(`<!-- ${mark} -->\n\`\`\`ts\n([\\s\\S]*?)\`\`\`\n<!-- /${mark} -->`).exec(read(page))?.[1];

test('The README has at most 150 lines', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

test('The cell in the README is the one that is run here, and has at most 15 lines of at most 110 columns', () => {
  expect(block('cell')).toBe(source);
  const lines = source.slice(source.indexOf('export class')).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(15);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(110);
});

test("The README's check of its gradient runs unchanged, and passes", () => {
  const names = { UpdateGateCell, gradcheck, normal, Random };
  const code = block('cell check')!;
  const imports = [...code.matchAll(/^import \{ (.*) \} from '@chronograd\/(?:autograd|tensor)';$/gm)];
  expect(imports.flatMap(([, list]) => list!.split(', '))).toEqual(['gradcheck', 'normal', 'Random']);
  const body = imports.reduce((rest, [line]) => rest.replace(line, ''), code);
  const run = new Function(...Object.keys(names), body.replace('gradcheck(', 'return gradcheck('));
  const report = run(...Object.values(names)) as ReturnType<typeof gradcheck>;
  expect(report.passed).toBe(true);
  expect(report.entries.length).toBe(6);
});

test('With the gates that docs/testing-cells.md names for it, a report says which gate is wrong', () => {
  const [, body] = /<!-- blocks -->\n```ts\noverride blocks\(\) \{\n(.*?)\n\}\n```/s.exec(
    read('docs/testing-cells.md'),
  )!;
  const blocks = new Function(body!)() as Record<string, string[]>;
  const cell = new UpdateGateCell(3, 2, { random: new Random(1) });
  expect(Object.keys(blocks)).toEqual([...cell.namedParameters()].map(([name]) => name));
  const byHand = { layers: [{ bias: [1, 1, 0, 1] }] };
  const auto = { layers: [{ bias: [1, 1, 1, 1] }] };
  expect(String(compareGradients(byHand, auto, { blocks }))).toContain('gate c, row 0');
});

test('The layers of docs/guide.md run: both directions, two layers, sequences of different lengths', () => {
  const names = {
    LSTMCell,
    Recurrent,
    random: new Random(1),
    V: 5,
    x: normal([30, 3, 5], { random: new Random(2) }),
  };
  const code = block('layers', 'docs/guide.md')!.replace('(inputs: number)', '(inputs)');
  const run = new Function(...Object.keys(names), `${code}; return { outputs, state };`);
  const { outputs, state } = run(...Object.values(names)) as {
    outputs: Tensor;
    state: { h: Tensor; c: Tensor }[][];
  };
  expect(outputs.shape).toEqual([30, 3, 128]);
  expect(state.map((layer) => layer.map(({ h, c }) => [h.shape, c.shape]))).toEqual(
    [0, 1].map(() =>
      [0, 1].map(() => [
        [3, 64],
        [3, 64],
      ]),
    ),
  );
});

test('The index inputs and wrapped cells of docs/guide.md run', () => {
  const random = new Random(1);
  const names = {
    LSTMCell,
    Recurrent,
    UpdateGateCell,
    Embedding,
    variationalDropout,
    weightDrop,
    zoneout,
    random,
    V: 5,
  };
  const code = ['indices', 'wrapped'].map((mark) => block(mark, 'docs/guide.md')).join('');
  const run = new Function(...Object.keys(names), `${code}; return [recurrent, zoned, own, embedded];`);
  const [recurrent, zoned, ...ofIndices] = run(...Object.values(names)) as [
    Recurrent<AnyCell>,
    AnyCell,
    ...Recurrent<AnyCell>[],
  ];
  const x = normal([3, 2, 5], { random });
  for (const each of [recurrent, new Recurrent(zoned)])
    expect(each.forward(x).outputs.shape).toEqual([3, 2, 128]);
  const indices = tensor(
    [
      [0, 1],
      [4, 2],
    ],
    { dtype: 'int32' },
  );
  for (const each of ofIndices) expect(each.forward(indices).outputs.shape).toEqual([2, 2, 64]);
});

test('Its gradients over a sequence equal differences: parameters, inputs and initial state; so do second derivatives', () => {
  const random = new Random(2);
  const options = { random, dtype: 'float64' } as const;
  class Sequence extends Module {
    readonly recurrent: Recurrent<UpdateGateCell> = new Recurrent(new UpdateGateCell(3, 2, options));
    readonly x: Parameter = new Parameter(normal([3, 2, 3], options));
    readonly h0: Parameter = new Parameter(normal([2, 2], options));
  }
  const model = new Sequence();
  const loss = (): Tensor => {
    const { outputs, state } = model.recurrent.forward(model.x, model.h0);
    return outputs.square().sum().add(state.sum());
  };
  expect(errorAgainstDifferences(model, loss)).toBeLessThanOrEqual(1e-9);
  gradcheck(loss, [model], { order: 2 });
});

class CharModel<C extends Cell<Tensor>> extends Module {
  readonly recurrent: Recurrent<C>;
  readonly decoder: Linear;
  constructor(cell: C, decoder: Linear) {
    super();
    this.recurrent = new Recurrent(cell);
    this.decoder = decoder;
  }
}

const cells: [string, (size: number, random: Random) => Cell<Tensor>][] = [
  ['RNNCell', (size, random) => new RNNCell(size, 24, { random })],
  ["the README's cell", (size, random) => new UpdateGateCell(size, 24, { random })],
];
test.each(cells)(
  'With %s the same training loop learns: the loss falls over 200 steps to a quarter of a blind guess',
  (_, make) => {
    const text = 'the quick brown fox jumps over the lazy dog; '.repeat(12);
    const vocabulary = Vocabulary.of(text);
    const random = new Random(1);
    const model = new CharModel(make(vocabulary.size, random), new Linear(24, vocabulary.size, { random }));
    const step = valueAndGrad(model, (x: Tensor, y: Tensor, h: Tensor) => {
      const { outputs, state } = model.recurrent.forward(x, h);
      return { value: crossEntropy(model.decoder.forward(outputs), y), aux: state };
    });
    const optimizer = new Adagrad(model, { lr: 0.1 });
    const streams = new Streams(vocabulary.encode(text), { batch: 2, steps: 15 });
    let state = model.recurrent.cell.initialState(2);
    const losses = Array.from({ length: 200 }, () => {
      const { inputs, targets, restarted } = streams.next();
      if (restarted) state = model.recurrent.cell.initialState(2);
      const { value, grads, aux } = step(inputs, targets, state);
      optimizer.update(clipByValue(grads, 5));
      state = aux;
      return value.item();
    });
    const mean = (part: number[]) => part.reduce((sum, loss) => sum + loss, 0) / part.length;
    const blind = Math.log(vocabulary.size);
    expect(Math.abs(losses[0]! / blind - 1)).toBeLessThan(0.1);
    expect(mean(losses.slice(100, 120))).toBeLessThan(mean(losses.slice(0, 20)));
    expect(mean(losses.slice(-20))).toBeLessThan(blind / 4);
  },
);
