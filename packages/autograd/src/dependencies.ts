/** The tensors that a value depends on, from the ops that ran. No gradient is computed. */
import { isFloat, type Tensor } from '@chronograd/tensor';
import {
  type PrimitiveName,
  type Recorder,
  refusePromise,
  requireFunction,
  withRecorder,
  withScope,
} from '@chronograd/tensor/engine';
import { presentPlace } from './anomaly.ts';
import { requireValue, type ValueOrAux } from './grad.ts';
import { rules } from './rules/index.ts';
import { constant } from './rules/types.ts';

/** A tensor that a function used and did not compute. */
export interface Dependency {
  readonly tensor: Tensor;
  /** The first op that used it. */
  readonly op: string;
  /** The module and time step of that op, if known. */
  readonly place: string | null;
  /** Whether a gradient can reach it from the value. */
  readonly reached: boolean;
}

interface Entry {
  readonly name: PrimitiveName;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/**
 * Runs `fn` as `valueAndGrad` does, and lists the float tensors from outside in order of use.
 * @throws as `valueAndGrad`, for the result of `fn`.
 */
export function dependencies(op: string, fn: () => ValueOrAux<unknown>): Dependency[] {
  requireFunction(op, fn, `${op}(() => loss)`);
  return withScope(
    () => listen(op, fn),
    (found) => found,
    true,
  );
}

function listen(op: string, fn: () => ValueOrAux<unknown>): Dependency[] {
  const entries: Entry[] = [];
  const made = new Set<Tensor>();
  const used = new Map<Tensor, Omit<Dependency, 'reached'>>();
  const recorder: Recorder = {
    differentiates: false,
    record(name, inputs, _, output, others) {
      for (const tensor of inputs) {
        if (made.has(tensor) || used.has(tensor) || !isFloat(tensor.dtype)) continue;
        used.set(tensor, { tensor, op: name, place: presentPlace() });
      }
      const outputs = others === null ? [output] : [output, ...others];
      for (const each of outputs) made.add(each);
      entries.push({ name, inputs, outputs });
    },
    beforeWrite() {},
  };
  const reached = reachedFrom(requireValue(op, refusePromise(withRecorder(recorder, fn))), entries);
  return [...used.values()].map((each) => ({ ...each, reached: reached.has(each.tensor) }));
}

function reachedFrom(value: Tensor, entries: readonly Entry[]): ReadonlySet<Tensor> {
  const reached = new Set([value]);
  for (const { name, inputs, outputs } of entries.toReversed()) {
    if (!outputs.some((each) => isFloat(each.dtype) && reached.has(each))) continue;
    inputs.forEach((input, i) => {
      if (passes(name, i)) reached.add(input);
    });
  }
  return reached;
}

/** Whether an op's rule sends a gradient to an input. */
function passes(name: PrimitiveName, input: number): boolean {
  const rule: unknown = rules[name];
  return rule !== constant && !(Array.isArray(rule) && rule[input] === constant);
}
