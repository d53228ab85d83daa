/** Losses on held-out data. */
import { requireValue, type ValueOrAux } from '@chronograd/autograd';
import { plan, scope, type Tensor, ValueError } from '@chronograd/tensor';
import { type OptionKeys, requireFunction } from '@chronograd/tensor/engine';
import { requireOptions } from '../internal/options.ts';
import { requireModule } from '../internal/require.ts';
import type { Module } from '../module.ts';
import { requireBatchArray, requireIterable } from './batch-readers.ts';
import type { BatchIterable } from './batches.ts';
import { Pauses } from './event-loop.ts';

/** A loss whose arguments are checked where it is called. */
export type AnyLoss = (...args: readonly unknown[]) => ValueOrAux<unknown>;

/** Options of `evaluateLoss`. */
export interface EvaluateOptions<Batch extends readonly unknown[]> {
  readonly model: Module;
  /** The loss of a batch, as for `fit`. */
  loss(...batch: NoInfer<[...Batch]>): ValueOrAux<unknown>;
  /** One pass over the data. */
  readonly batches: BatchIterable<Batch>;
  readonly initialState?: undefined;
  /** Lets other tasks run, about every 50 ms. Default: the host's next task. */
  readonly pause?: () => Promise<void>;
}

/** Options of `evaluateLoss` with a state that is carried from batch to batch. */
export interface CarryEvaluateOptions<Batch extends readonly unknown[], State>
  extends Omit<EvaluateOptions<Batch>, 'loss' | 'initialState'> {
  /** The loss of a batch and the state before it. `aux` is the state for the next batch. */
  loss(...args: NoInfer<[...Batch, State]>): { readonly value: Tensor; readonly aux: NoInfer<State> };
  /** The state before the first batch. */
  readonly initialState: () => State;
}

const KEYS: OptionKeys<EvaluateOptions<readonly unknown[]>> = {
  model: true,
  loss: true,
  batches: true,
  initialState: true,
  pause: true,
};

/**
 * The mean of a loss over batches, with the model in evaluation mode. Every batch counts the same.
 * Modes are restored afterwards.
 * @throws ValueError for invalid options, and if there are no batches.
 * @example
 * const heldOut = await evaluateLoss({ model, loss, batches: [[x, y]] });
 */
export function evaluateLoss<Batch extends readonly unknown[], State>(
  options: CarryEvaluateOptions<Batch, State>,
): Promise<number>;
export function evaluateLoss<Batch extends readonly unknown[]>(
  options: EvaluateOptions<Batch>,
): Promise<number>;
export async function evaluateLoss(options: object): Promise<number> {
  const op = 'evaluateLoss';
  const given = requireOptions(
    op,
    options as Partial<EvaluateOptions<readonly unknown[]>>,
    '{ model, loss, batches }',
    KEYS,
  );
  const { model, loss, batches, initialState, pause } = given;
  requireModule(op, model as Module);
  requireFunction(op, loss, '{ loss: (x, y) => … }');
  requireIterable(op, batches);
  if (initialState !== undefined) requireFunction(op, initialState, '{ initialState: () => … }');
  const evaluation = new Evaluation(op, model as Module, loss as AnyLoss, initialState);
  return await evaluation.mean(batches as BatchIterable<readonly unknown[]>, new Pauses(pause));
}

/** Measures a loss again and again. The loss is planned. */
export class Evaluation {
  readonly #op: string;
  readonly #model: Module;
  readonly #loss: (...args: readonly unknown[]) => { readonly value: Tensor; readonly aux: unknown };
  readonly #initialState: (() => unknown) | undefined;

  constructor(
    op: string,
    model: Module,
    loss: AnyLoss,
    initialState: (() => unknown) | undefined,
    planned = true,
  ) {
    this.#op = op;
    this.#model = model;
    this.#initialState = initialState;
    const carries = initialState !== undefined;
    const measured = (...args: readonly unknown[]): { value: Tensor; aux: unknown } =>
      scope(() => {
        const result = loss(...args);
        const aux = carries ? (result as { readonly aux: unknown }).aux : undefined;
        return { value: requireValue(op, result), aux };
      });
    this.#loss = planned ? plan(measured) : measured;
  }

  /** The mean over one pass. @throws ValueError without batches. */
  async mean(batches: BatchIterable<readonly unknown[]>, pauses: Pauses): Promise<number> {
    const restore = evaluationMode(this.#model);
    try {
      let state = this.#initialState?.();
      let sum = 0;
      let count = 0;
      const add = (batch: readonly unknown[]): void => {
        requireBatchArray(this.#op, batch);
        const { value, aux } = this.#loss(...(this.#initialState === undefined ? batch : [...batch, state]));
        sum += value.item();
        count++;
        state = aux;
      };
      if (Symbol.asyncIterator in batches)
        for await (const batch of batches) {
          add(batch);
          await pauses.due();
        }
      else
        for (const batch of batches) {
          add(batch);
          const pause = pauses.due();
          if (pause !== null) await pause;
        }
      if (count > 0) return sum / count;
    } finally {
      restore();
    }
    throw new ValueError(
      `${this.#op}: expected at least one batch to measure the loss on, got none; pass an array, not an iterator that has ended`,
    );
  }
}

/** Sets evaluation mode. @returns what restores the modes. */
export function evaluationMode(model: Module): () => void {
  const modes = model.namedModules().map(([, module]) => ({ module, training: module.training }));
  model.evaluate();
  return () => {
    for (const { module, training } of modes) module.training = training;
  };
}
