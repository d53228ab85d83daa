/**
 * The law of masks: an input element that does not affect the output gets exactly 0, whatever its
 * value and the cotangent are.
 */
import { hvp, jvp, vjp } from '@chronograd/autograd';
import type { Tensor } from '@chronograd/tensor';
import { expect } from 'vitest';
import type { Question } from './laws.ts';
import { decimals, fromTensor, type Plain, toTensor } from './plain.ts';

export const infinities: readonly number[] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
export const specials: readonly number[] = [...infinities, Number.NaN];

/** An element of one of the inputs. */
interface Place {
  readonly input: number;
  readonly element: number;
}

const STEP = 2 ** -11;
/** About so many places of each sample are tried. */
const MOST = 12;

/** The inputs with another value at one place. */
function replaced(inputs: readonly Plain[], { input, element }: Place, value: number): Plain[] {
  return inputs.map((x, i) => (i === input ? { ...x, values: x.values.with(element, value) } : x));
}

/**
 * The input elements that the chosen output elements do not depend on. The outputs stay the same,
 * bit for bit, as such an element goes to infinity, also after a small change of all other inputs.
 * This distinguishes a choice (`maximum`, `gather`) from arithmetic that gives 0, such as x · 0.
 */
function independent(
  { inputs, call }: Question,
  seed: number,
  chosen: (values: readonly number[]) => readonly number[],
): Place[] {
  const outputs = (at: readonly Plain[]): readonly number[] =>
    chosen(fromTensor(call(...at.map((x) => toTensor(x)))).values);
  const same = (a: readonly number[], b: readonly number[]): boolean => a.every((y, i) => Object.is(y, b[i]));
  const moved = inputs.map(({ shape, values }, i) => {
    const along = decimals(seed + i, values.length);
    return { shape, values: values.map((value, k) => value + STEP * along[k]!) };
  });
  const here = outputs(inputs);
  const there = outputs(moved);
  const places = inputs.flatMap(({ values }, input) => values.map((_, element) => ({ input, element })));
  const every = Math.ceil(places.length / MOST);
  return places.filter((place, i) => {
    if (i % every !== seed % every) return false;
    const value = moved[place.input]!.values[place.element]!;
    return (
      infinities.some((infinity) => same(outputs(replaced(inputs, place, infinity)), here)) &&
      [-STEP, STEP].every((step) => same(outputs(replaced(moved, place, value + step)), there))
    );
  });
}

function expectZeros(found: readonly Tensor[], places: readonly Place[], what: string): void {
  for (const { input, element } of places) {
    const value = found[input]!.toTypedArray()[element]!;
    if (value !== 0) expect.fail(`${what}: element ${element} of input ${input} got ${value} instead of 0`);
  }
}

const tensors = (inputs: readonly Plain[]): Tensor[] => inputs.map((x) => toTensor(x));

/**
 * One output element has the special cotangent, and the others have 0: gradient, tangent and second
 * derivative.
 */
export function checkSpecialCotangent(question: Question, seed: number, special: number): void {
  const { inputs, call } = question;
  const f = (x: readonly Tensor[]): Tensor => call(...x);
  const { shape, values } = fromTensor(f(tensors(inputs)));
  if (values.length === 0) return;
  const at = seed % values.length;
  const places = independent(question, seed, (all) => [all[at]!]);
  const cotangent = toTensor({ shape, values: values.map((_, i) => (i === at ? special : 0)) });

  expectZeros(vjp(f, tensors(inputs), cotangent).grads, places, 'gradient');

  const directions = inputs.map((x, i) => ({ ...x, values: decimals(seed + i, x.values.length) }));
  const weighted = (x: readonly Tensor[]): Tensor => f(x).mul(cotangent).sum();
  expectZeros(
    hvp(weighted, tensors(inputs), tensors(directions)).product,
    places,
    'product with the Hessian',
  );

  for (const place of places) {
    const along = inputs.map((x) => ({ ...x, values: x.values.map(() => 0) }));
    const { tangent } = jvp(f, tensors(inputs), tensors(replaced(along, place, special)));
    const value = tangent.toTypedArray()[at]!;
    if (value !== 0)
      expect.fail(`tangent: ${value} instead of 0 from element ${place.element} of input ${place.input}`);
  }
}

/** What no output element depends on is special itself, and so are all cotangents. */
export function checkSpecialInput(question: Question, seed: number, special: number): void {
  const { inputs, call } = question;
  const f = (x: readonly Tensor[]): Tensor => call(...x);
  const y = fromTensor(f(tensors(inputs)));
  const cotangent = toTensor({ ...y, values: y.values.map(() => special) });
  for (const place of independent(question, seed, (all) => all)) {
    for (const value of specials) {
      const there = replaced(inputs, place, value);
      if (!fromTensor(f(tensors(there))).values.every((each, i) => Object.is(each, y.values[i]))) continue;
      expectZeros(vjp(f, tensors(there), cotangent).grads, [place], `gradient at ${value}`);
    }
  }
}
