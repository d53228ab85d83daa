import { valueAndGrad } from '@chronograd/autograd';
import { Random, type Tensor, tensor } from '@chronograd/tensor';
import { expect, test } from 'vitest';
import {
  clipByGlobalNorm,
  clipByValue,
  crossEntropy,
  GRU,
  Linear,
  LSTM,
  Module,
  RNN,
} from '../../src/index.ts';
import { Generator } from './generator.ts';
import { type CharacterModel, golden, limitOfTorch, optimizerOf, report } from './torch.ts';
import { Golden } from './values.ts';

const MODULES = { tanh: RNN, lstm: LSTM, gru: GRU } as const;

class Characters extends Module {
  readonly recurrent: RNN | LSTM | GRU;
  readonly decoder: Linear;
  constructor(kind: CharacterModel['kind'], classes: number, hidden: number) {
    super();
    const options = { dtype: 'float64', random: new Random(1) } as const;
    this.recurrent = new MODULES[kind](classes, hidden, options);
    this.decoder = new Linear(hidden, classes, options);
  }
}

function train({
  kind,
  optimizer: name,
  options,
  clip,
  limit,
  seed,
  losses,
  weights,
}: CharacterModel): number {
  const characters = [...new Set(golden.text)].sort();
  const ids = [...golden.text].map((character) => characters.indexOf(character));
  const model = new Characters(kind, characters.length, golden.hidden);
  const draw = new Generator(seed);
  for (const parameter of model.parameters())
    parameter.assign(draw.aroundZero(1 / Math.sqrt(golden.hidden), ...parameter.shape));
  const optimizer = optimizerOf(name, model, options);
  const half = Math.floor(ids.length / 2);
  const window = (at: number): Tensor => {
    const streams = [0, half - 1].map((begin) => ids.slice(begin + at, begin + at + golden.steps));
    return tensor(streams, { dtype: 'int32' }).transpose();
  };
  const step = valueAndGrad(model, (x: Tensor, y: Tensor, state: never) => {
    const { outputs, state: aux } = model.recurrent.forward(x, state);
    return { value: crossEntropy(model.decoder.forward(outputs), y), aux };
  });

  const expected = new Golden(losses);
  let state: unknown = model.recurrent.initialState(2);
  for (let n = 0; n < 100; n++) {
    const at = (n * golden.steps) % (half - golden.steps);
    const { value, grads, aux } = step(window(at), window(at + 1), state as never);
    expected.compareWhole([value.item()]);
    const { norm } = clipByGlobalNorm(grads, Number.MAX_VALUE);
    optimizer.update(
      clip === 'value' ? clipByValue(grads, limit) : clipByGlobalNorm(grads, limitOfTorch(limit, norm)).grads,
    );
    state = aux;
  }
  expected.end();
  const last = new Golden(weights);
  for (const parameter of model.parameters()) last.compareChecks(parameter);
  last.end();
  return Math.max(expected.worst, last.worst);
}

test('Character models agree with PyTorch over 100 steps: every loss and the last weights, to 1e-9', () => {
  let worst = 0;
  for (const model of golden.models) {
    const error = train(model);
    expect(error, model.kind).toBeLessThanOrEqual(1e-9);
    worst = Math.max(worst, error);
  }
  report('character models, 100 steps', golden.models.length, worst);
});
