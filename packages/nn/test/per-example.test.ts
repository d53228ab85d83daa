/** The law: the gradient of each example equals that of a batch that has only this example. */
import {
  clippedMeanGradients,
  leavesOf,
  perExampleGradients,
  perExampleNorms,
  valueAndGrad,
} from '@chronograd/autograd';
import { normal, Random, type Tensor, tensor } from '@chronograd/tensor';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  AdditiveAttention,
  type AnyCell,
  Cell,
  crossEntropy,
  ctcLoss,
  Embedding,
  GRUCell,
  LayerNorm,
  Linear,
  LSTMCell,
  Module,
  Recurrent,
  RNNCell,
  type Step,
} from '../src/index.ts';
import { CELLS, WRAPPERS } from './cells/wrappers.ts';

const dtype = 'float64';
const random = new Random(1);
const options = { random, dtype } as const;
const [T, B, F, H, V] = [6, 5, 2, 2, 4];

const indices = (...shape: number[]): Tensor => {
  const length = shape.reduce((a, b) => a * b);
  return tensor(
    Int32Array.from({ length }, () => Math.floor(V * normal([], { random }).sigmoid().item())),
    {
      shape,
    },
  );
};

type Losses = (...args: Tensor[]) => Tensor;

/** Example b of an argument, along its batch axis. */
const only = (x: Tensor, axis: number, b: number): Tensor =>
  axis === 0 ? x.slice([b, b + 1]) : x.slice(null, [b, b + 1]);

/** Compares with one pass for each example. `axes` has the batch axis of each argument. */
function expectLaw(model: Module, losses: Losses, args: readonly Tensor[], axes: readonly number[]): void {
  const { value, grads } = perExampleGradients(model, losses)(...args);
  const { norms } = perExampleNorms(model, losses)(...args);
  const limit = norms.mean().item();
  const clipped = clippedMeanGradients(model, losses, limit)(...args);
  const means = new Map(leavesOf('law', clipped.grads).map(({ path, leaf }) => [path, leaf]));
  for (let b = 0; b < B; b++) {
    const own = args.map((x, i) => only(x, axes[i]!, b));
    const alone = valueAndGrad(model, (...args: Tensor[]) => losses(...args).reshape([]))(...own);
    expect(Math.abs(value.toTypedArray()[b]! - alone.value.item())).toBeLessThanOrEqual(1e-12);
    const expected = new Map(leavesOf('law', alone.grads).map(({ path, leaf }) => [path, leaf]));
    let square = 0;
    for (const { path, leaf } of leavesOf('law', grads)) {
      const g = expected.get(path)!;
      expect(leaf.shape, path).toEqual([B, ...g.shape]);
      expect(leaf.select(b).sub(g).abs().max().item(), path).toBeLessThanOrEqual(1e-12);
      square += g.square().sum().item();
    }
    const norm = Math.sqrt(square);
    expect(norm).toBeGreaterThan(0);
    expect(Math.abs(norms.toTypedArray()[b]! - norm)).toBeLessThanOrEqual(1e-12 * Math.max(1, norm));
    for (const [path, g] of expected) {
      means.set(path, means.get(path)!.sub(g.mul(Math.min(1, limit / norm) / B)));
    }
  }
  for (const [path, rest] of means) expect(rest.abs().max().item(), path).toBeLessThanOrEqual(1e-12);
}

class Model extends Module {
  readonly recurrent: Recurrent<AnyCell>;
  readonly decoder: Linear;
  constructor(recurrent: Recurrent<AnyCell>) {
    super();
    this.recurrent = recurrent;
    this.decoder = new Linear(H, V, options);
  }
}

const none = { reduction: 'none' } as const;

function expectCellLaw(cell: AnyCell): void {
  const model = new Model(new Recurrent(cell));
  const losses = (x: Tensor, y: Tensor): Tensor =>
    crossEntropy(model.decoder.forward(model.recurrent.forward(x).outputs), y, none).mean(0);
  expectLaw(model, losses, [normal([T, B, F], options), indices(T, B)], [1, 1]);
}

/** Layer normalization, in a cell that transposes and divides its weights itself. */
class OwnCell extends Cell<Tensor> {
  readonly weight = new Linear(F, 2 * H, options).weight;
  readonly recurrentWeight = new Linear(H, 2 * H, options).weight;
  readonly norm = new LayerNorm(2 * H, { dtype });
  initialState(batch: number): Tensor {
    return this.zeroState(batch, H);
  }
  step(x: Tensor, h: Tensor): Step<Tensor> {
    const [u, v] = this.recurrentWeight.div(this.recurrentWeight.norm()).chunk(2, 0);
    const products = h.matmul(u!.transpose()).mul(h.matmul(v!.transpose()));
    const [z, c] = this.norm.forward(x.matmul(this.weight.transpose())).chunk(2, -1);
    const next = h.add(z!.sigmoid().mul(c!.add(products).tanh().sub(h)));
    return { output: next, state: next };
  }
}

describe.each(Object.entries({ ...CELLS, 'a cell that normalizes': (_: Random) => new OwnCell() }))(
  '%s',
  (_, make) => {
    test('the gradient of each example is that of a batch of one', () => {
      expectCellLaw(make(random));
    });
  },
);

// So rarely that nothing is dropped: another batch would draw other masks.
test.each(Object.entries(WRAPPERS))('%s keeps the law', (_, wrap) => {
  expectCellLaw(wrap(new GRUCell(F, H, options), 1e-12, 1));
});

test('two layers, two directions, checkpoints and a learned state keep the law, batch first', () => {
  const layer = [new LSTMCell(F, 1, options), new GRUCell(F, 1, options)] as const;
  const settings = { batchFirst: true, checkpoint: true, learnInitialState: true };
  const recurrent = new Recurrent([layer, new RNNCell(2, H, options)], settings);
  class Deep extends Module {
    readonly recurrent = recurrent;
    readonly decoder = new Linear(H, V, options);
  }
  const model = new Deep();
  const losses = (x: Tensor, y: Tensor): Tensor =>
    crossEntropy(model.decoder.forward(model.recurrent.forward(x).outputs), y, none).mean(1);
  expectLaw(model, losses, [normal([B, T, F], options), indices(B, T)], [0, 0]);
});

test('lengths keep the law, also of embedded indices', () => {
  const embedding = new Embedding(V, F, options);
  const model = new Model(new Recurrent<AnyCell>(new LSTMCell(F, H, options), { embedding }));
  const losses = (x: Tensor, y: Tensor, n: Tensor): Tensor => {
    const lengths = [...n.toTypedArray()];
    const mask = tensor(
      Int32Array.from({ length: T * lengths.length }, (_, i) =>
        Math.floor(i / lengths.length) < lengths[i % lengths.length]! ? 1 : 0,
      ),
      { shape: [T, lengths.length] },
    );
    const { outputs } = model.recurrent.forward(x, undefined, { lengths });
    return crossEntropy(model.decoder.forward(outputs), y, { ...none, mask }).sum(0);
  };
  const lengths = tensor([6, 1, 4, 2, 5], { dtype: 'int32' });
  expectLaw(model, losses, [indices(T, B), indices(T, B), lengths], [1, 1, 0]);
});

test('norms of wide weights over few steps, which need no gradients, keep the law', () => {
  const [steps, wide] = [3, 9];
  const recurrent = new Recurrent(new RNNCell(wide, wide, options));
  const losses = (x: Tensor): Tensor => recurrent.forward(x).outputs.square().sum([0, 2]);
  expectLaw(recurrent, losses, [normal([steps, B, wide], options)], [1]);
  expectLaw(recurrent, losses, [indices(steps, B)], [1]);
});

test('Linear, Embedding, and a weight that both share keep the law', () => {
  class Tied extends Module {
    readonly embedding = new Embedding(V, H, options);
    readonly linear = new Linear(H, H, options);
  }
  const model = new Tied();
  const losses = (x: Tensor, y: Tensor): Tensor => {
    const h = model.linear.forward(model.embedding.forward(x)).tanh();
    return crossEntropy(h.matmul(model.embedding.weight.transpose()), y, none).mean(0);
  };
  expectLaw(model, losses, [indices(T, B), indices(T, B)], [1, 1]);
  const lookUp = (x: Tensor): Tensor => model.embedding.forward(x).square().sum([0, 2]);
  model.linear.freeze();
  expectLaw(model, lookUp, [indices(T, B)], [1]);
});

test('attention and CTC keep the law', () => {
  class Reader extends Module {
    readonly encoder = new Recurrent(new GRUCell(F, H, options));
    readonly attention = new AdditiveAttention(H, H, 3, options);
    readonly decoder = new Linear(H, V, options);
  }
  const model = new Reader();
  const attended = (x: Tensor, y: Tensor): Tensor => {
    const { outputs, state } = model.encoder.forward(x);
    const { context } = model.attention.forward(state, model.attention.memory(outputs));
    return crossEntropy(model.decoder.forward(context.add(state)), y, none);
  };
  expectLaw(model, attended, [normal([T, B, F], options), indices(B)], [1, 0]);
  const labels = tensor(
    [
      [1, 2],
      [2, 2],
      [3, 1],
      [1, 1],
      [2, 3],
    ],
    { dtype: 'int32' },
  );
  const spelled = (x: Tensor, y: Tensor): Tensor =>
    ctcLoss(model.decoder.forward(model.encoder.forward(x).outputs), y, none);
  expectLaw(model, spelled, [normal([T, B, F], options), labels], [1, 0]);
});

test('results are typed by the names of the parameters', () => {
  const model = new Linear(2, 3, options);
  const losses = (x: Tensor) => ({ value: model.forward(x).sum(1), aux: { x } });
  const x = normal([B, 2], options);
  const { value, grads, aux } = perExampleGradients(model, losses)(x);
  expectTypeOf(value).toEqualTypeOf<Tensor>();
  expectTypeOf(grads.weight).toEqualTypeOf<Tensor>();
  expectTypeOf(grads.bias).toEqualTypeOf<Tensor | undefined>();
  expectTypeOf(aux).toEqualTypeOf<{ x: Tensor }>();
  expectTypeOf(perExampleNorms(model, losses)(x).norms).toEqualTypeOf<Tensor>();
  expectTypeOf(clippedMeanGradients(model, losses, 1)(x).grads.weight).toEqualTypeOf<Tensor>();
  // @ts-expect-error the norms of all parameters together are one tensor
  expect(perExampleNorms(model, losses)(x).norms.weight).toBe(undefined);
  expect(grads.weight.shape).toEqual([B, 3, 2]);
});
