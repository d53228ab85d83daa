import { type FloatDtype, Parameter, Random, tensor } from '@chronograd/tensor';
import * as nn from '../../src/index.ts';
import { Module, normalInit, type Optimizer, type OptimizerOptions, type Rate } from '../../src/index.ts';

type OptimizerClass = new (
  model: Module,
  options: OptimizerOptions<Rate> & Readonly<Record<string, unknown>>,
) => Optimizer;

/** Every optimizer that the package exports. */
export const exportedOptimizers: readonly OptimizerClass[] = Object.values(nn).filter(
  (value): value is typeof value & OptimizerClass =>
    typeof value === 'function' && value.prototype instanceof nn.Optimizer,
);

/** Two parameters of no further meaning. */
export class Pair extends Module {
  readonly matrix: Parameter;
  readonly vector: Parameter;

  constructor(dtype: FloatDtype, random: Random = new Random(1)) {
    super();
    this.matrix = new Parameter(normalInit(1)([2, 3], { random, dtype }));
    this.vector = new Parameter(normalInit(1)([4], { random, dtype }));
  }

  /** All numbers, parameter after parameter. */
  get values(): number[] {
    return this.parameters().flatMap((parameter) => [...parameter.toTypedArray()]);
  }
}

/** Gradients for a `Pair` from ten numbers. */
export const gradientsOf = (values: readonly number[], dtype: FloatDtype) => ({
  matrix: tensor(values.slice(0, 6), { dtype }).reshape([2, 3]),
  vector: tensor(values.slice(6), { dtype }),
});

/** Fifty steps' gradients: of every size from 1e-6 to 1e3, a few of them 0. */
export function fiftySteps(seed = 1): number[][] {
  const random = new Random(seed);
  return Array.from({ length: 50 }, () =>
    Array.from({ length: 10 }, () =>
      random.uniform() < 0.1 ? 0 : random.normal() * 10 ** (9 * random.uniform() - 6),
    ),
  );
}
