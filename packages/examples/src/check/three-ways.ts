/** Computes gradients three independent ways: by hand, by autograd, and by differences. */
import {
  compareGradients,
  type GradientComparison,
  gradcheckTolerance,
  leavesOf,
  type ParameterComparison,
  valueAndGrad,
} from '@chronograd/autograd';
import { type Parameter, scope, Tensor, tensor } from '@chronograd/tensor';

/** A loss, and the float64 parameters that it depends on. */
export interface Problem {
  /** A tree of parameters and modules. Inputs and the initial state are wrapped as parameters. */
  readonly target: object;
  readonly loss: () => Tensor;
  /** Handwritten gradients by the target's names. Missing ones are not compared. Null: none. */
  readonly byHand: object | null;
}

/** One parameter. Its three numbers are those of its largest gradient, or of a wrong element. */
export interface Row {
  readonly name: string;
  readonly elements: number;
  readonly index: readonly number[];
  readonly byHand: number | null;
  readonly autograd: number;
  readonly differences: number;
  /** Largest |by hand − autograd|, relative to the largest gradient of the parameter. */
  readonly handError: number | null;
  /** Largest |differences − autograd|, relative to the same. */
  readonly differenceError: number;
  readonly ok: boolean;
}

/** Tolerances: 1e-10 between by hand and autograd, for rounding; 1e-7 for differences. */
export function threeWays({ target, loss, byHand }: Problem): Row[] {
  const leaves = leavesOf('check', target) as { path: string; leaf: Parameter }[];
  const { grads } = valueAndGrad(target, loss)();
  const auto = new Map(leavesOf('check', grads).map(({ path, leaf }) => [path, leaf]));
  const differences = new Map(
    leaves.map(({ path, leaf }) => [path, differencesOf(leaf, loss, auto.get(path)!)]),
  );
  const measured = compared(Object.fromEntries(differences), Object.fromEntries(auto), gradcheckTolerance);
  const manual = byHand === null ? null : new Map(Object.entries(byPath(byHand, [...auto.keys()])));
  const hand = manual === null ? null : compared(Object.fromEntries(manual), pick(auto, [...manual.keys()]));
  return leaves.map(({ path, leaf }) => {
    const values = auto.get(path)!.toTypedArray();
    const [second, first] = [measured.get(path)!, hand?.get(path)];
    const wrong = [first, second].find((each) => each?.ok === false);
    const index = wrong === undefined || wrong.problem !== null ? indexOfLargest(values, leaf) : wrong.index;
    const at = (value: unknown): number => numberAt(value, index, leaf.shape);
    return {
      name: path,
      elements: leaf.size,
      index,
      byHand: manual?.has(path) ? at(manual.get(path)) : null,
      autograd: at(values),
      differences: at(differences.get(path)),
      handError: first?.relative ?? null,
      differenceError: second.relative,
      ok: wrong === undefined,
    };
  });
}

/** Near a kink, shorter steps stay on one side of it. */
const STEPS = [1e-3, 1e-4, 1e-5, 1e-6];

/** Five-point differences of the loss for each element of a parameter. Restores the parameter. */
function differencesOf(parameter: Parameter, loss: () => Tensor, auto: Tensor): Float64Array {
  const start = Float64Array.from(parameter.toTypedArray());
  const expected = auto.toTypedArray();
  const at = (i: number, by: number): number => {
    parameter.assign(tensor(start.with(i, start[i]! + by), { shape: parameter.shape }));
    return scope(() => loss()).item();
  };
  const slope = (i: number, h: number): number => {
    const [near, far] = [at(i, h) - at(i, -h), at(i, 2 * h) - at(i, -2 * h)];
    return (8 * near - far) / (12 * h);
  };
  const { atol, rtol } = gradcheckTolerance;
  const slopes = start.map((_, i) => {
    const agrees = (value: number): boolean =>
      Math.abs(value - expected[i]!) <= atol + rtol * Math.abs(expected[i]!);
    const first = slope(i, STEPS[0]!);
    if (agrees(first)) return first;
    return (
      STEPS.slice(1)
        .map((h) => slope(i, h))
        .find(agrees) ?? first
    );
  });
  parameter.assign(tensor(start, { shape: parameter.shape }));
  return slopes;
}

/** Handwritten gradients by the paths of autograd. Omits missing ones. */
function byPath(tree: unknown, paths: readonly string[]): Record<string, unknown> {
  const at = (path: string): unknown =>
    path.split('.').reduce((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree);
  return Object.fromEntries(paths.flatMap((path) => (at(path) === undefined ? [] : [[path, at(path)]])));
}

const pick = <V>(map: ReadonlyMap<string, V>, keys: readonly string[]): Record<string, V> =>
  Object.fromEntries(keys.map((key) => [key, map.get(key)!]));

function compared(
  manual: object,
  auto: object,
  tolerance?: Parameters<typeof compareGradients>[2],
): Map<string, ParameterComparison> {
  const { parameters }: GradientComparison = compareGradients(manual, auto, tolerance);
  return new Map(parameters.map((each) => [each.name, each]));
}

function indexOfLargest(values: ArrayLike<number>, { shape }: Tensor): number[] {
  const sizes = Array.from(values, Math.abs);
  let rest = sizes.indexOf(Math.max(...sizes));
  return shape
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    })
    .reverse();
}

/** An element of a tensor, a flat typed array or nested arrays. NaN: no such element. */
function numberAt(value: unknown, index: readonly number[], shape: readonly number[]): number {
  if (value instanceof Tensor) return numberAt(value.toTypedArray(), index, shape);
  if (ArrayBuffer.isView(value)) {
    const flat = index.reduce((position, i, axis) => position * shape[axis]! + i, 0);
    return (value as unknown as ArrayLike<number>)[flat] ?? Number.NaN;
  }
  const found = index.reduce((level, i) => (level as readonly unknown[] | undefined)?.[i], value);
  return typeof found === 'number' ? found : Number.NaN;
}
