/**
 * The setting of a program: outside of everything, or in a scope, a segment, a differentiated
 * function or a plan.
 */
import { valueAndGrad } from '@chronograd/autograd';
import { isFloat, type Parameter, plan, scope, type Tensor, zeros } from '@chronograd/tensor';
import { segment } from '@chronograd/tensor/engine';
import type { Step } from './program.ts';
import type { Source } from './sources.ts';

export const SETTINGS = ['outside', 'scope', 'segment', 'valueAndGrad', 'plan', 'planned gradient'] as const;
export type Setting = (typeof SETTINGS)[number];

/** The setting of each reference run. */
export const REFERENCE: Readonly<Record<Setting, Setting>> = {
  outside: 'outside',
  scope: 'outside',
  segment: 'outside',
  valueAndGrad: 'valueAndGrad',
  plan: 'outside',
  'planned gradient': 'valueAndGrad',
};

/** The outcome of one run of a program. */
export interface Results {
  readonly steps: readonly Step[];
  /** Gradients, in settings with gradients. */
  readonly grads: readonly Tensor[];
}

export interface Run extends Results {
  /** The results of a replay, in settings with one. */
  readonly replayed: Results | null;
  /** An error that ended the whole program. */
  readonly failure: Step | null;
}

type Body = (operands: readonly Tensor[]) => readonly Step[];

/** Their results differ from call to call. */
const RANDOM = ['normal', 'uniform', 'bernoulli'];
/** Only smaller tensors are summed. */
const MOST_SUMMED = 4096;

export function inSetting(
  setting: Setting,
  body: Body,
  sources: readonly Source[],
  parameters: readonly Parameter[],
): Run {
  const operands = sources.map(({ tensor }) => tensor);
  const once = (steps: readonly Step[]): Run => ({ steps, grads: [], replayed: null, failure: null });
  const target = parameters.filter(({ dtype }) => isFloat(dtype));
  if (setting === 'outside') return once(body(operands));
  if (setting === 'scope') return once(scope(() => body(operands)));
  if (setting === 'segment') return once(scope(() => segment(() => body(operands))));
  if (setting === 'valueAndGrad') return { ...once([]), ...differentiated(target, body)(...operands) };
  // A plan copies its arguments in. Tensors that are closed or persistent are used from outside.
  const passed = sources.filter(({ model }) => model !== null).map(({ tensor }) => tensor);
  const others = sources.filter(({ model }) => model === null).map(({ tensor }) => tensor);
  const inner: Body = (copies) => body([...copies, ...others]);
  using planned = plan(
    setting === 'plan'
      ? (...copies: Tensor[]): Results => ({ steps: inner(copies), grads: [] })
      : differentiated(target, inner),
  );
  const first = planned(...passed);
  const replayed = planned(...passed);
  const random = first.steps.some(({ call }) => RANDOM.includes(call));
  return { ...first, replayed: random ? null : replayed, failure: null };
}

/** The program as a function that returns the sum of all its float results. */
function differentiated(target: readonly Parameter[], body: Body): (...operands: Tensor[]) => Results {
  const both = valueAndGrad(target, (...operands: Tensor[]) => {
    const steps = body(operands);
    return { value: total(steps), aux: steps };
  });
  return (...operands) => {
    const { grads, aux } = both(...operands);
    return { steps: aux, grads: grads as readonly Tensor[] };
  };
}

function total(steps: readonly Step[]): Tensor {
  const results = steps
    .flatMap(({ tensors }) => tensors)
    .filter((x) => isFloat(x.dtype) && x.size <= MOST_SUMMED);
  return results.reduce((sum, x) => sum.add(x.cast('float64').sum()), zeros([], { dtype: 'float64' }));
}
