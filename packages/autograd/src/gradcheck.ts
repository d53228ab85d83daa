/** Proving a gradient: autograd held against differences, which know nothing of tapes. */
import { type Tensor, ValueError } from '@chronograd/tensor';
import {
  checkOptions,
  type OptionKeys,
  requireFunction,
  showValue,
  withoutRecorders,
} from '@chronograd/tensor/engine';
import { check } from './gradcheck/check.ts';
import { formulas, type Method } from './gradcheck/differences.ts';
import type { Settings } from './gradcheck/leaf-check.ts';
import { firstOrder, secondOrder } from './gradcheck/orders.ts';
import { GradcheckError, GradcheckReport } from './gradcheck/report.ts';
import { LOCALIZING, type Localizing } from './place.ts';
import { gradcheckTolerance, TOLERANCE } from './tolerance.ts';

/**
 * How to check. The defaults suit smooth functions of inputs around 1 in size. With `blocks` the report names gates; with `steps` it names the
 * time step at which autograd and differences part, walking backward.
 */
export interface GradcheckOptions extends Localizing {
  /** What messages call the inputs, one name each; `inputs[0]`, `inputs[1]`, … unless given. */
  readonly names?: readonly string[];
  /** Which differences; `'five-point'` unless named. */
  readonly method?: Method;
  /** How far to move an input x, in units of max(1, |x|): 1e-3 for five points, 1e-6 for central differences, unless named. */
  readonly step?: number;
  /** Allowed error relative to the larger number; 1e-7 unless named. */
  readonly rtol?: number;
  /** Allowed error beside that; 1e-9 unless named. */
  readonly atol?: number;
  /** 2 also checks the gradient of the gradient; 1 unless named. */
  readonly order?: 1 | 2;
  /** How many random directions, and random sums, stand for what is too large to be tried element by element; 8 unless named, at least 2. */
  readonly projections?: number;
  /** Up to how many elements an input or a result is tried element by element; 64 unless named. */
  readonly fullBelow?: number;
  /** Seed of the random directions; 0 unless named. */
  readonly seed?: number;
}

/**
 * Checks the gradient of `fn` at `inputs` against differences, in float64.
 *
 * Small inputs and results are compared element by element (the full Jacobian), large ones along several random directions; a failure
 * there is traced to an element. Parameters, alone or in modules, are moved in place and put back. int32 inputs are left alone, and an
 * input that `fn` ignores is right if its gradient is 0.
 *
 * Where numbers disagree, five-point differences over shorter and longer steps decide, so that a kink or a pole *nearby* does no harm,
 * nor does rounding inside of `fn`. *On* a kink there is no derivative to compare with: the check fails, saying so, unless autograd
 * takes the mean of both slopes, as differences do.
 * @param fn of the inputs to one tensor of any shape; the same inputs must give the same bits.
 * @param inputs tensors, trees of them, or modules; finite, float64.
 * @returns the report; print it with `toString()`.
 * @throws GradcheckError naming input, element, both numbers and the relative error, with the whole `report`.
 * @throws DtypeError for float32. @throws ValueError for what is not finite, for functions that give two answers to one question, and for
 * options out of range.
 * @example
 * gradcheck((x, w) => x.matmul(w).tanh(), [normal([2, 3], { random, dtype: 'float64' }), normal([3, 4], { random, dtype: 'float64' })]);
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
  const { order, ...settings } = settingsOf(options);
  if (!Array.isArray(inputs)) {
    throw new ValueError(
      'gradcheck: inputs must come as an array, one entry for each argument: gradcheck(fn, [x, w])',
    );
  }
  const { names = inputs.map((_, i) => `inputs[${i}]`) } = options;
  if (names.length !== inputs.length) {
    throw new ValueError(
      `gradcheck: ${names.length} names (${names.join(', ')}) came for ${inputs.length} inputs, one for each was expected`,
    );
  }
  // Tapes around this call have nothing to differentiate here, and parameters are back in place before they look again.
  return withoutRecorders(() => {
    const first = firstOrder(fn as (...inputs: readonly unknown[]) => unknown, inputs, names);
    const entries = check(first, settings);
    const report = passOrThrow(new GradcheckReport(entries));
    if (order === 1) return report;
    const second = check(secondOrder(first, inputs, names, settings.seed), settings);
    return passOrThrow(new GradcheckReport([...entries, ...second]));
  });
}

const OPTIONS: OptionKeys<GradcheckOptions> = {
  ...LOCALIZING,
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

function settingsOf(options: GradcheckOptions): Settings & { readonly order: 1 | 2 } {
  const { method = 'five-point', order = 1, projections = 8, fullBelow = 64, seed = 0 } = options;
  const { rtol = gradcheckTolerance.rtol, atol = gradcheckTolerance.atol } = options;
  const { step = formulas[method]?.step, blocks = {}, steps = [] } = options;
  const expect = (name: string, value: unknown, what: string, holds: boolean): void => {
    if (!holds) throw new ValueError(`gradcheck: ${name} ${showValue(value)} came, ${what} was expected`);
  };
  expect('method', method, "'central' or 'five-point'", Object.hasOwn(formulas, method));
  expect('step', step, 'a number above 0', Number.isFinite(step) && step > 0);
  expect('rtol', rtol, 'a number from 0 on', typeof rtol === 'number' && rtol >= 0);
  expect('atol', atol, 'a number from 0 on', typeof atol === 'number' && atol >= 0);
  expect('order', order, '1 or 2', order === 1 || order === 2);
  expect(
    'projections',
    projections,
    'a whole number from 2 on',
    Number.isInteger(projections) && projections >= 2,
  );
  expect('fullBelow', fullBelow, 'a whole number from 0 on', Number.isInteger(fullBelow) && fullBelow >= 0);
  return { method, step, rtol, atol, order, projections, fullBelow, seed, blocks, steps };
}
