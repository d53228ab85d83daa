/** Zoneout. */
import { replayRandom } from '@chronograd/autograd';
import { bernoulli, type Random, type Tensor, where } from '@chronograd/tensor';
import type { OptionKeys } from '@chronograd/tensor/engine';
import { requireRandom } from '../internal/options.ts';
import { leafAt, mapLeaves } from '../recurrent/state-leaves.ts';
import type { AnyCell } from '../recurrent/types.ts';
import type { StateOf, Step } from './cell.ts';
import { ratesOf, requireCell, type StateRates, WrappedCell } from './wrapped.ts';

/** Options of `zoneout`. */
export interface ZoneoutOptions {
  /** The source of the masks. Each step in training mode advances its state. */
  readonly random: Random;
}

const ZONEOUT: OptionKeys<ZoneoutOptions> = { random: true };

/**
 * Wraps a cell so that in training mode each number of its state keeps its previous value with
 * probability p. Each step draws again. In evaluation mode the state is the expectation,
 * p·before + (1 − p)·after. An output that is part of the state, as h, is zoned out with it.
 * Krueger and others, 2017, who use 0.05 for h and 0.5 for c.
 * @param p for all float tensors of the state, or by name.
 * @throws ValueError unless `cell` is a cell, p is from 0 to 1, and `random` is given.
 * @example
 * const cell = new LSTMCell(65, 128, { random });
 * new Recurrent(zoneout(cell, { h: 0.05, c: 0.5 }, { random }));
 */
export function zoneout<C extends AnyCell>(cell: C, p: StateRates, options: ZoneoutOptions): Zoneout<C> {
  return new Zoneout(cell, p, options);
}

/** A cell with zoneout. */
export class Zoneout<C extends AnyCell> extends WrappedCell<C> {
  /** The probability of each tensor of the state by name; '' if the state is a tensor. */
  readonly p: ReadonlyMap<string, number>;

  constructor(cell: C, p: StateRates, options: ZoneoutOptions) {
    requireCell('zoneout', cell);
    super(cell, requireRandom('zoneout', options, ZONEOUT).random);
    this.p = ratesOf('zoneout', 'p', p, cell, (paths) => paths);
  }

  override get draws(): boolean {
    return this.training && this.p.size > 0;
  }

  override stepReading(projected: Tensor, state: StateOf<C>, read: StateOf<C>): Step<StateOf<C>> {
    const step = this.inner(projected, state, read);
    const mixed = new Map<Tensor, Tensor>();
    const next = mapLeaves(step.state, (after, path) => {
      const p = this.p.get(path);
      const x = p === undefined ? after : this.#mix(leafAt(state, path), after, p);
      mixed.set(after, x);
      return x;
    });
    return { output: mixed.get(step.output) ?? step.output, state: next as StateOf<C> };
  }

  #mix(before: Tensor, after: Tensor, p: number): Tensor {
    if (!this.training) return after.add(before.sub(after).mul(p));
    const { shape, dtype } = after;
    const options = { random: this.random, dtype: dtype as 'float32' | 'float64' };
    // Gradient checkpointing runs this twice with the same mask.
    return where(
      replayRandom(() => bernoulli(shape, p, options)),
      before,
      after,
    );
  }
}
