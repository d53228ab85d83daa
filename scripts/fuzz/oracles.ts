/**
 * Compares results with plain numbers: the tests' samples of every op, run in a setting of the
 * fuzzer.
 */
import { plan, scope, type Tensor } from '@chronograd/tensor';
import { segment } from '@chronograd/tensor/engine';
import fc from 'fast-check';
import { toTensor } from '../../packages/autograd/test/rules/plain.ts';
import { composed } from '../../packages/autograd/test/rules/samples/composed.ts';
import { samples } from '../../packages/autograd/test/rules/samples/index.ts';
import type { Sample } from '../../packages/autograd/test/rules/samples/sample.ts';
import { Dice } from './dice.ts';

const rows = Object.entries({ ...samples, ...composed });
/** The tests' tolerance for float64. */
const TOLERANCE = 1e-12;

/** The difference between an op's result and plain numbers, or null. */
export function wrongValue(
  seed: number,
  program: number,
): { readonly call: string; readonly what: string } | null {
  const dice = new Dice(seed, program, 3);
  const [name, row] = dice.pick(rows);
  const [sample] = fc.sample(row, { seed: dice.bits() | 0, numRuns: 1 }) as [Sample];
  const inputs = sample.inputs.map((x) => toTensor(x, 'float64'));
  const body = (): Tensor => sample.call(...inputs);
  const settings = [body, () => scope(body), () => scope(() => segment(body)), () => plan(body)()];
  const found = dice.pick(settings)();
  const expected = sample.oracle(...sample.inputs);
  const values = found.toTypedArray();
  const at = expected.values.findIndex((value, i) => {
    const error = Math.abs((values[i] as number) - value);
    return !Object.is(values[i], value) && !(error <= TOLERANCE * (Math.abs(value) + 0.01));
  });
  if (`${found.shape}` !== `${expected.shape}`)
    return { call: name, what: `expected shape [${expected.shape}], got [${found.shape}]` };
  return at < 0
    ? null
    : { call: name, what: `element ${at}: expected ${expected.values[at]}, got ${values[at]}` };
}
