/** Autograd's gradient of one input beside finite differences. */
import { Random } from '@chronograd/tensor';
import { indexAt, type LocateOptions, ParameterLayout, type Range } from '../locate.ts';
import type { Tolerance } from '../tolerance.ts';
import {
  type Comparison,
  type Direction,
  isWrong,
  slopesOf,
  within,
  worstElement,
  worstOf,
} from './directions.ts';
import { derivative, type Line, type Method, refined, roundingOf } from './finite-differences.ts';
import {
  type FlatResult,
  type FunctionUnderTest,
  gradientsAt,
  repeatedValue,
  valueAt,
} from './function-under-test.ts';
import { hintsFor } from './hints.ts';
import {
  innerProduct,
  outputProjections,
  type Projection,
  project,
  randomVector,
} from './output-projections.ts';
import type { Leaf } from './point.ts';
import type { GradcheckEntry, GradcheckPair } from './report.ts';

/** The options of `gradcheck` that a check of one order needs; see `GradcheckOptions`. */
export interface Settings extends Tolerance, LocateOptions {
  readonly method: Method;
  readonly step: number;
  readonly projections: number;
  readonly fullBelow: number;
  readonly seed: number;
}

/** The function's result at the point, and what of it is differentiated. */
interface Reference {
  readonly fn: FunctionUnderTest;
  readonly settings: Settings;
  readonly result: FlatResult;
  readonly projections: readonly Projection[];
}

/** Checks a function at a point, with an entry for each leaf. */
export function checkLeaves(fn: FunctionUnderTest, settings: Settings): GradcheckEntry[] {
  const random = new Random(settings.seed);
  const result = repeatedValue(fn);
  const projections = outputProjections(result.values.length, settings, random).map((each) => ({
    ...each,
    gradients: gradientsAt(fn, result, each.weights),
  }));
  return fn.point.leaves.map((_, i) => new LeafCheck({ fn, settings, result, projections }, i).run(random));
}

class LeafCheck {
  readonly #reference: Reference;
  readonly #index: number;
  readonly #leaf: Leaf;
  readonly #layout: ParameterLayout;

  constructor(reference: Reference, index: number) {
    this.#reference = reference;
    this.#index = index;
    this.#leaf = reference.fn.point.leaves[index]!;
    const { name, shape } = this.#leaf;
    this.#layout = new ParameterLayout('gradcheck', name, shape, reference.settings);
  }

  run(random: Random): GradcheckEntry {
    const { name, shape, values } = this.#leaf;
    const { fn, settings } = this.#reference;
    const layout = this.#layout;
    const single = values.length <= settings.fullBelow;
    const directions = single ? this.#elements() : this.#randomDirections(random);
    const tried = directions.map((direction) => this.#compareAlong(direction));
    const all = tried.flat();
    const failures = all.filter(isWrong);
    const failsWithin = (range: Range): boolean => this.#failuresWithin(failures, range).length > 0;
    const step = failures.length > 0 ? layout.firstDivergentStep(failsWithin) : null;
    const worst = worstOf(step === null ? all : this.#failuresWithin(failures, layout.stepRange(step)));
    const shown = worst !== undefined && failures.length > 0 ? this.#isolateElement(worst) : worst;
    return {
      order: fn.order,
      input: name,
      shape,
      moved: single ? 'elements' : 'directions',
      compared: directions.length,
      failed: tried.filter((comparisons) => comparisons.some(isWrong)).length,
      step,
      steps: layout.steps,
      wrongGates: layout.gates.filter((_, k) => failsWithin(layout.gateRange(k, step))),
      worst: shown === undefined ? null : this.#pair(shown),
      ignored: all.every(({ autograd, differences }) => autograd === 0 && differences === 0),
      hints: failures.length > 0 ? this.#hints(shown!, failures) : [],
    };
  }

  #elements(): Direction[] {
    const v = new Float64Array(this.#leaf.values.length).fill(1);
    // Large numbers need large steps: x + h must differ from x by h.
    const stepAt = (x: number): number => this.#reference.settings.step * Math.max(1, Math.abs(x));
    return Array.from(this.#leaf.values, (x, i) => ({ v, from: i, to: i + 1, h: stepAt(x) }));
  }

  /** Each element weighs as much as alone. The steps' length is that of one element's step. */
  #randomDirections(random: Random): Direction[] {
    const { values } = this.#leaf;
    const { step, projections } = this.#reference.settings;
    const h = step / Math.sqrt(values.length);
    return Array.from({ length: projections }, () => {
      const v = randomVector(values.length, random).map(
        (each, i) => each * Math.max(1, Math.abs(values[i]!)),
      );
      return { v, from: 0, to: values.length, h };
    });
  }

  #compareAlong(direction: Direction): Comparison[] {
    const { settings, result, projections } = this.#reference;
    const line = this.#line(direction);
    const slopes = derivative(line, direction.h, settings.method);
    const comparisons = projections.map((each) => this.#compare(direction, each, slopes));
    if (!comparisons.some(isWrong)) return comparisons;
    const better = refined(line, direction.h, settings.method, slopes, result.values);
    return projections.map((each) => this.#compare(direction, each, better));
  }

  #line({ v, from, to }: Direction): Line {
    return (t) => {
      const values = this.#leaf.values.slice();
      for (let i = from; i < to; i++) values[i] = values[i]! + t * v[i]!;
      return valueAt(this.#reference.fn, { leaf: this.#index, values }).values;
    };
  }

  /**
   * Allows rtol of the larger number, or of the expected size of such a sum, where its terms happen
   * to cancel; atol; and what rounding of the result makes of a difference.
   */
  #compare(direction: Direction, projection: Projection, slopes: Float64Array): Comparison {
    const { v, from, to, h } = direction;
    const { settings, result } = this.#reference;
    const gradient = projection.gradients[this.#index]!;
    const [autograd, expected] = innerProduct(gradient, v, from, to);
    const [differences, expectedOut] = project(projection, slopes);
    const size = Math.max(Math.abs(autograd), Math.abs(differences), expected, expectedOut);
    const rounding = roundingOf(project(projection, result.values)[1], h);
    const error = Math.abs(autograd - differences);
    const excess = Number.isFinite(error)
      ? error / Math.max(settings.atol + settings.rtol * size + rounding, Number.MIN_VALUE)
      : Number.POSITIVE_INFINITY;
    return { direction, projection, autograd, differences, excess };
  }

  /** The failures when only the elements of a range move, in the directions that failed. */
  #failuresWithin(failures: readonly Comparison[], range: Range): Comparison[] {
    const directions = new Set(failures.map(({ direction }) => direction));
    return [...directions].flatMap((direction) => {
      const part = within(direction, range);
      if (part === null) return [];
      const same = part.from === direction.from && part.to === direction.to;
      return same
        ? failures.filter((each) => each.direction === direction)
        : this.#compareAlong(part).filter(isWrong);
    });
  }

  /** The element that a failure along a random direction comes from, if it fails alone. */
  #isolateElement(failure: Comparison): Comparison {
    const { direction, projection } = failure;
    if (direction.to - direction.from === 1) return failure;
    const errorAlong = (part: Direction): number => {
      const slopes = derivative(this.#line(part), part.h, this.#reference.settings.method);
      const { autograd, differences } = this.#compare(part, projection, slopes);
      const error = Math.abs(autograd - differences);
      return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
    };
    const element = this.#elements()[worstElement(direction, errorAlong)]!;
    return worstOf(this.#compareAlong(element).filter(isWrong)) ?? failure;
  }

  #hints(worst: Comparison, failures: readonly Comparison[]): string[] {
    const { direction, projection } = worst;
    if (direction.to - direction.from > 1) return hintsFor(worst, failures, null);
    const line = this.#line(direction);
    const [, size] = project(projection, this.#reference.result.values);
    const along = (t: number): number => project(projection, line(t))[0];
    return hintsFor(worst, failures, slopesOf(along, size, this.#leaf.values[direction.from]!));
  }

  #pair({ direction, projection, autograd, differences }: Comparison): GradcheckPair {
    const { fn, result } = this.#reference;
    const absolute = Math.abs(autograd - differences);
    const single = direction.to - direction.from === 1;
    return {
      index: single ? indexAt(direction.from, this.#leaf.shape) : null,
      place: single ? this.#layout.place(direction.from) : null,
      output: projection.output === null ? null : fn.nameOutput(projection.output, result.shape),
      autograd,
      differences,
      absolute,
      relative: absolute === 0 ? 0 : absolute / Math.max(Math.abs(autograd), Math.abs(differences)),
    };
  }
}
