/** Recording what cells name, and what they return. */
import { ShapeError, stack, type Tensor } from '@chronograd/tensor';
import {
  alias,
  refusePromise,
  requireFunction,
  retain,
  sameShape,
  showShape,
  withoutRecording,
  withRecorder,
} from '@chronograd/tensor/engine';
import type { Module } from '../module.ts';
import { observe } from './observe.ts';
import { Timelines } from './timeline.ts';

/**
 * Tensors by name, each with time in front. Of a cell at the path `cell`: `cell.i` for what it named with `this.tap('i', …)`; `cell.output`; and
 * its state after each step, `cell.state`, or `cell.state.h` where the state is an object.
 */
export type Taps = Readonly<Record<string, Tensor>>;

/**
 * Runs `body` and records what the cells of `model` name, return and carry on: values and gradients stay the same, bit for bit. A tensor of
 * shape [B, H] at each of T steps makes one of shape [T, B, H], in order of time for cells that run backwards, too. Several runs in one `body`
 * (windows) stand behind one another, and what is named or run more than once in a step stands side by side. In a loop of one's own, steps
 * come in the order in which they are called.
 *
 * At padded steps, outputs and named tensors are 0, and states as they were: a mean over a padded batch is to be weighed by the mask.
 *
 * What is recorded carries no gradient. A differentiated or planned function may run inside of `body`, or all of this inside of one. While it looks
 * on, a planned function runs as it is, and checkpoints rest: what they save of memory is used.
 * @returns what `body` returns, and the taps: of those cells that ran.
 * @throws ShapeError where a name stands for different shapes at different steps. @throws ValueError for a model without cells, and for a tap named
 * `state` or `output`. @throws ScopeError for a promise.
 * @example
 * const { taps } = recordTaps(model, () => model.recurrent.forward(x));
 * taps['recurrent.cell.f']; // the forget gate, [T, B, H]
 */
export function recordTaps<R>(model: Module, body: () => R): { readonly result: R; readonly taps: Taps } {
  requireFunction('recordTaps', body, 'recordTaps(model, () => …)');
  const lines = new Timelines<Tensor>();
  const observer = {
    named(name: string, x: Tensor): Tensor {
      lines.add(name, kept(x));
      return x;
    },
    given(names: readonly string[], x: Tensor): Tensor {
      const values = kept(x);
      for (const name of names) lines.add(name, values);
      return x;
    },
    padded(blank: (x: Tensor) => Tensor): void {
      lines.replaceNow((x) => {
        const blanked = withoutRecording(() => blank(x));
        return blanked === x ? x : kept(blanked);
      });
    },
    settled(names: readonly string[], x: Tensor): Tensor {
      const values = kept(x);
      for (const name of names) lines.replaceLast(name, values);
      return x;
    },
  };
  const manner = { stepwise: false, walks: false };
  const result = observe('recordTaps', model, observer, manner, () =>
    withRecorder(listener, () => refusePromise(body())),
  );
  const taps = withoutRecording(() => lines.map(overTime));
  return { result, taps };
}

/** Time in front. */
function overTime(steps: readonly Tensor[], name: string): Tensor {
  const odd = steps.find(({ shape }) => !sameShape(shape, steps[0]!.shape));
  if (odd === undefined) return stack(steps);
  throw new ShapeError(
    `recordTaps: ${name} came with shapes ${showShape(steps[0]!.shape)} and ${showShape(odd.shape)}, one shape at all steps was expected; record windows of different batches one by one`,
  );
}

/** A plan that hears that somebody records runs its function, and does not replay it. */
const listener = { record(): void {}, beforeWrite(): void {}, differentiates: false } as const;

/** The values at this moment; through an alias, so that a parameter is copied too. */
const kept = (x: Tensor): Tensor => retain(alias(x));
