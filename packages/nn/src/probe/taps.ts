/** Recording the tensors that cells name and return. */
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
import { EventLog } from './event-log.ts';
import { type Hooks, withHooks } from './hooks.ts';

/**
 * Tensors by name, with time in front. For a cell at the path `cell`: `cell.i` for `this.tap('i',
 * …)`; `cell.output`; and its state after each step, `cell.state`, or `cell.state.h` if the state
 * is an object.
 */
export type Taps = Readonly<Record<string, Tensor>>;

/**
 * Runs `body` and records the tensors that the cells of `model` name, return and carry on. Values
 * and gradients keep their bits. Tensors of shape [B, H] at T steps are stacked to [T, B, H], in
 * order of time for backward cells too. Several runs in one `body` (windows) are concatenated in
 * order; so are tensors recorded more than once in a step. In your own loop, steps are in order of
 * calls.
 *
 * At padded steps, outputs and named tensors are 0 and states unchanged: weight the mean over a
 * padded batch by the mask.
 *
 * Recorded tensors carry no gradient. Differentiated and planned functions may run inside `body`,
 * and `recordTaps` inside them. Meanwhile planned functions are not replayed and checkpoints are
 * disabled, so they save no memory.
 * @returns the result of `body`, and the taps of those cells that ran.
 * @throws ShapeError if a name has different shapes at different steps.
 * @throws ValueError for a model without cells, and for a tap named `state` or `output`.
 * @throws ScopeError for a promise.
 * @example
 * const { taps } = recordTaps(model, () => model.recurrent.forward(x));
 * taps['recurrent.cell.f']; // the forget gate, [T, B, H]
 */
export function recordTaps<R>(model: Module, body: () => R): { readonly result: R; readonly taps: Taps } {
  requireFunction('recordTaps', body, 'recordTaps(model, () => …)');
  const log = new EventLog<Tensor>();
  const hooks: Hooks = {
    named(name, x) {
      log.add([name], copyNow(x));
      return x;
    },
    given(names, x) {
      log.add(names, copyNow(x));
      return x;
    },
    padded(blank) {
      log.replaceNow((x) => {
        const blanked = withoutRecording(() => blank(x));
        return blanked === x ? x : copyNow(blanked);
      });
    },
    selected(names, x) {
      log.replaceLast(names, copyNow(x));
      return x;
    },
  };
  const result = withHooks('recordTaps', model, hooks, { stepwise: false, walks: false }, () =>
    withRecorder(listener, () => refusePromise(body())),
  );
  return { result, taps: withoutRecording(() => log.map(overTime)) };
}

/** Time in front. */
function overTime(steps: readonly Tensor[], name: string): Tensor {
  const odd = steps.find(({ shape }) => !sameShape(shape, steps[0]!.shape));
  if (odd === undefined) return stack(steps);
  throw new ShapeError(
    `recordTaps: expected one shape of ${name} at all steps, got ${showShape(steps[0]!.shape)} and ${showShape(odd.shape)}; record windows of different batches one by one`,
  );
}

/** A recorder that makes plans run their functions instead of replaying them. */
const listener = { record(): void {}, beforeWrite(): void {}, differentiates: false } as const;

/** The values now, through an alias, so that a parameter is copied too. */
const copyNow = (x: Tensor): Tensor => retain(alias(x));
