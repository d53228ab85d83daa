/** Gradient checks: autograd beside finite differences, which use no tape. */
import { type Tensor, ValueError } from '@chronograd/tensor';
import {
  checkOptions,
  type OptionKeys,
  requireFunction,
  showValue,
  withoutRecorders,
} from '@chronograd/tensor/engine';
import { formulas, type Method } from './gradcheck/finite-differences.ts';
import { firstOrder, secondOrder } from './gradcheck/function-under-test.ts';
import { checkLeaves, type Settings } from './gradcheck/leaf-check.ts';
import { GradcheckError, GradcheckReport } from './gradcheck/report.ts';
import { LOCATE_OPTIONS, type LocateOptions } from './locate.ts';
import { gradcheckTolerance, TOLERANCE } from './tolerance.ts';

/**
 * Options of `gradcheck`. The defaults suit smooth functions of inputs of a size around 1. With
 * `blocks` the report names gates. With `steps` it names the time step at which autograd and
 * differences diverge.
 */
export interface GradcheckOptions extends LocateOptions {
  /** The inputs' names in messages. Default: `inputs[0]`, `inputs[1]`, … */
  readonly names?: readonly string[];
  /** The finite differences. Default: `'five-point'`. */
  readonly method?: Method;
  /** The step for an input x, in units of max(1, |x|). Default: 1e-3, or 1e-6 for `'central'`. */
  readonly step?: number;
  /** Allowed error relative to the larger number. Default: 1e-7. */
  readonly rtol?: number;
  /** Allowed error in addition to that. Default: 1e-9. */
  readonly atol?: number;
  /** 2 also checks the gradient of the gradient. Default: 1. */
  readonly order?: 1 | 2;
  /** Random directions and sums to try for large inputs and results, at least 2. Default: 8. */
  readonly projections?: number;
  /** The largest input or result that is checked element by element. Default: 64. */
  readonly fullBelow?: number;
  /** Seed of the random directions. Default: 0. */
  readonly seed?: number;
}

/**
 * Checks the gradient of `fn` at `inputs` against differences, in float64.
 *
 * Small inputs and results are compared element by element (the full Jacobian), large ones along
 * several random directions. A failure there is traced to an element. Parameters, alone or in
 * modules, are moved in place and restored. int32 inputs are not moved. An input that `fn` ignores
 * is right if its gradient is 0.
 *
 * Where numbers disagree, five-point differences over shorter and longer steps decide, so that a
 * kink or a pole *nearby* and rounding inside of `fn` do no harm. *On* a kink there is no
 * derivative: the check fails and says so, unless autograd takes the mean of both slopes, as
 * differences do.
 * @param fn of the inputs to one tensor of any shape. The same inputs must give the same bits.
 * @param inputs tensors, trees of them, or modules; finite, float64.
 * @returns the report; print it with `toString()`.
 * @throws GradcheckError naming input, element, both numbers and the relative error, with the
 * `report`.
 * @throws DtypeError for float32. @throws ValueError for values that are not finite, for functions
 * that return different values for the same inputs, and for options out of range.
 * @example
 * gradcheck((x, w) => x.matmul(w).tanh(), [normal([2, 3], { random, dtype: 'float64' }), normal([3,
 * 4], { random, dtype: 'float64' })]);
 * @example
 * gradcheck((cell, xs, h) => new Recurrent(cell).forward(xs, h).outputs, [cell, xs, h], {
 *   names: ['cell', 'inputs', 'state'],
 *   blocks: cell.blocks(),
 *   steps: ['inputs'],
 * });
 */
export function gradcheck<Inputs extends readonly unknown[]>(
  fn: (...inputs: NoInfer<Inputs>) => Tensor,
  inputs: readonly [...Inputs],
  options: GradcheckOptions = {},
): GradcheckReport {
  checkOptions('gradcheck', options, OPTIONS);
  requireFunction('gradcheck', fn, 'gradcheck((x, w) => …, [x, w])');
  const settings = settingsOf(options);
  if (!Array.isArray(inputs)) {
    throw new ValueError(
      'gradcheck: expected an array of inputs, one entry for each argument: gradcheck(fn, [x, w])',
    );
  }
  const { names = inputs.map((_, i) => `inputs[${i}]`) } = options;
  if (names.length !== inputs.length) {
    throw new ValueError(
      `gradcheck: expected a name for each of ${inputs.length} inputs, got ${names.length} (${names.join(', ')})`,
    );
  }
  // Outer tapes have nothing to differentiate here, and parameters are restored at the end.
  return withoutRecorders(() => {
    const first = firstOrder(fn as (...inputs: readonly unknown[]) => unknown, inputs, names);
    const entries = checkLeaves(first, settings);
    const report = passOrThrow(new GradcheckReport(entries));
    if (settings.order === 1) return report;
    const second = checkLeaves(secondOrder(first, inputs, names, settings.seed), settings);
    return passOrThrow(new GradcheckReport([...entries, ...second]));
  });
}

const OPTIONS: OptionKeys<GradcheckOptions> = {
  ...LOCATE_OPTIONS,
  ...TOLERANCE,
  names: true,
  method: true,
  step: true,
  order: true,
  projections: true,
  fullBelow: true,
  seed: true,
};

function passOrThrow(report: GradcheckReport): GradcheckReport {
  if (!report.passed) throw new GradcheckError(report);
  return report;
}

type AllSettings = Settings & { readonly order: 1 | 2 };

const positive = (value: unknown): boolean => Number.isFinite(value) && (value as number) > 0;
const notNegative = (value: unknown): boolean => typeof value === 'number' && value >= 0;
const wholeFrom =
  (least: number) =>
  (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= least;

/** The accepted values of each setting. */
const RULES: readonly (readonly [keyof AllSettings, expected: string, (value: unknown) => boolean])[] = [
  ['method', "'central' or 'five-point'", (value) => Object.hasOwn(formulas, value as string)],
  ['step', 'a number above 0', positive],
  ['rtol', 'a number from 0 on', notNegative],
  ['atol', 'a number from 0 on', notNegative],
  ['order', '1 or 2', (value) => value === 1 || value === 2],
  ['projections', 'a whole number from 2 on', wholeFrom(2)],
  ['fullBelow', 'a whole number from 0 on', wholeFrom(0)],
];

function settingsOf(options: GradcheckOptions): AllSettings {
  const { method = 'five-point', order = 1, projections = 8, fullBelow = 64, seed = 0 } = options;
  const { rtol = gradcheckTolerance.rtol, atol = gradcheckTolerance.atol } = options;
  const { step = formulas[method]?.step ?? 1, blocks = {}, steps = [] } = options;
  const settings = { method, step, rtol, atol, order, projections, fullBelow, seed, blocks, steps };
  for (const [name, expected, accepts] of RULES) {
    const value: unknown = settings[name];
    if (!accepts(value))
      throw new ValueError(`gradcheck: expected ${expected} for ${name}, got ${showValue(value)}`);
  }
  return settings;
}
