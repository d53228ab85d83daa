/** An exponential moving average of weights. */
import { Parameter, scope } from '@chronograd/tensor';
import { requireFunction, withoutRecording } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireDecay, requireModule } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { copyOf } from './weights.ts';

/** Options of `ExponentialMovingAverage`. */
export interface ExponentialMovingAverageOptions {
  /** The share of the old average that stays, from 0 on, below 1. Default: 0.999. */
  readonly decay?: number;
}

/**
 * The exponential moving average of a model's weights: average + (1 − decay)·(weight − average).
 * The first update copies the weights. PyTorch's `AveragedModel` with `get_ema_multi_avg_fn`.
 * @example
 * const average = new ExponentialMovingAverage(model, { decay: 0.999 });
 * optimizer.update(grads);
 * average.update();
 * const loss = average.use(() => lossOf(model));
 */
export class ExponentialMovingAverage {
  readonly decay: number;
  /** The average of each parameter, by its name. */
  readonly weights: ReadonlyMap<string, Parameter>;
  /** The number of updates so far. */
  updates = 0;
  readonly #model: Module;

  /** @throws ValueError for anything but a module, and unless 0 ≤ decay < 1. */
  constructor(model: Module, options: ExponentialMovingAverageOptions = {}) {
    const op = 'ExponentialMovingAverage';
    requireModule(op, model);
    const { decay = 0.999 } = requireOptions(op, options, '{ decay: 0.999 }', { decay: true });
    requireDecay(op, 'decay', decay);
    this.decay = decay;
    this.#model = model;
    this.weights = new Map(model.namedParameters().map(([name, each]) => [name, new Parameter(each)]));
  }

  /** Adds the model's weights to the average. Call it after each update of the optimizer. */
  update(): void {
    withoutRecording(() =>
      this.#each((average, weight) => {
        if (this.updates === 0) average.assign(weight);
        else scope(() => average.assign(average.add(weight.sub(average).mul(1 - this.decay))));
      }),
    );
    this.updates++;
  }

  /** Runs `body` with the averages in the model, and then restores the weights. */
  use<R>(body: () => R): R {
    requireFunction('ExponentialMovingAverage.use', body, 'average.use(() => …)');
    this.swap();
    try {
      return body();
    } finally {
      this.swap();
    }
  }

  /** Exchanges the averages and the model's weights. Called twice it changes nothing. */
  swap(): void {
    this.#each((average, weight) => {
      const kept = copyOf(weight);
      weight.assign(average);
      average.assign(kept);
    });
  }

  #each(visit: (average: Parameter, weight: Parameter) => void): void {
    for (const [name, weight] of this.#model.namedParameters()) {
      const average = this.weights.get(name);
      if (average !== undefined) visit(average, weight);
    }
  }
}
