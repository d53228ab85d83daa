/** Holding autograd's gradient of one input against differences. */
import type { Random } from '@chronograd/tensor';
import { indexAt } from '../text-table.ts';
import type { Tolerance } from '../tolerance.ts';
import { derivative, type Line, type Method, refined, roundingOf } from './differences.ts';
import { hintsFor, type Sides } from './hints.ts';
import type { Leaf } from './point.ts';
import { type Answer, type Question, valueAt } from './question.ts';
import type { GradcheckEntry } from './report.ts';
import { innerProduct, type Row, randomVector, weigh } from './rows.ts';

/** How to check; the meanings stand at `GradcheckOptions`. */
export interface Settings extends Tolerance {
  readonly method: Method;
  readonly step: number;
  readonly projections: number;
  readonly fullBelow: number;
  readonly seed: number;
}

/** Elements `from` … `to` − 1 of a leaf move along `v`, in steps of `h`. */
interface Direction {
  readonly v: Float64Array;
  readonly from: number;
  readonly to: number;
  readonly h: number;
}

interface Finding {
  readonly direction: Direction;
  readonly row: Row;
  readonly autograd: number;
  readonly differences: number;
  /** |autograd − differences| over what is allowed: right up to 1. */
  readonly excess: number;
}

/** Autograd beside differences, for one leaf. */
export class LeafCheck {
  readonly #question: Question;
  readonly #settings: Settings;
  readonly #answer: Answer;
  readonly #rows: readonly Row[];
  readonly #leaf: Leaf;
  readonly #index: number;

  constructor(
    question: Question,
    settings: Settings,
    answer: Answer,
    rows: readonly Row[],
    leaf: Leaf,
    index: number,
  ) {
    this.#question = question;
    this.#settings = settings;
    this.#answer = answer;
    this.#rows = rows;
    this.#leaf = leaf;
    this.#index = index;
  }

  run(random: Random): GradcheckEntry {
    const { name, shape, values } = this.#leaf;
    const single = values.length <= this.#settings.fullBelow;
    const directions = single ? this.#elements() : this.#randomDirections(random);
    const tried = directions.map((direction) => this.#findings(direction));
    const all = tried.flat();
    const failures = all.filter(failed).sort((a, b) => b.excess - a.excess);
    const worst = failures[0] ?? all.reduce<Finding | undefined>(worse, undefined);
    const pinned = worst !== undefined && failed(worst) && !single ? this.#pinDown(worst) : worst;
    return {
      order: this.#question.order,
      input: name,
      shape,
      moved: single ? 'elements' : 'directions',
      compared: directions.length,
      failed: tried.filter((findings) => findings.some(failed)).length,
      worst: pinned === undefined ? null : this.#pair(pinned),
      ignored: all.every(({ autograd, differences }) => autograd === 0 && differences === 0),
      hints: failures.length === 0 ? [] : hintsFor(pinned!, failures, this.#sides(pinned!)),
    };
  }

  #elements(): Direction[] {
    const v = new Float64Array(this.#leaf.values.length).fill(1);
    return Array.from(this.#leaf.values, (x, i) => ({ v, from: i, to: i + 1, h: this.#stepAt(x) }));
  }

  /** Long in all (each element counts as much as alone), tried in steps that are as long in all as one element's would be. */
  #randomDirections(random: Random): Direction[] {
    const { values } = this.#leaf;
    const h = this.#settings.step / Math.sqrt(values.length);
    return Array.from({ length: this.#settings.projections }, () => {
      const v = randomVector(values.length, random).map(
        (each, i) => each * Math.max(1, Math.abs(values[i]!)),
      );
      return { v, from: 0, to: values.length, h };
    });
  }

  /** Large numbers need large steps: x + h must be h away from x. */
  #stepAt(x: number): number {
    return this.#settings.step * Math.max(1, Math.abs(x));
  }

  #findings(direction: Direction): Finding[] {
    const line = this.#line(direction);
    const slopes = derivative(line, direction.h, this.#settings.method);
    const findings = this.#rows.map((row) => this.#compare(direction, row, slopes));
    if (!findings.some(failed)) return findings;
    const better = refined(line, direction.h, this.#settings.method, slopes, this.#answer.values);
    return this.#rows.map((row) => this.#compare(direction, row, better));
  }

  #line({ v, from, to }: Direction): Line {
    return (t) => {
      const values = this.#leaf.values.slice();
      for (let i = from; i < to; i++) values[i] = values[i]! + t * v[i]!;
      return valueAt(this.#question, { leaf: this.#index, values }).values;
    };
  }

  /**
   * What is allowed: rtol of the larger number, or of what sums of that many terms of that size usually come to, where these happen to
   * cancel; atol; and what rounding of the result makes of a difference.
   */
  #compare(direction: Direction, row: Row, slopes: Float64Array): Finding {
    const { v, from, to, h } = direction;
    const { rtol, atol } = this.#settings;
    const gradient = row.gradients[this.#index]!;
    const [autograd, usual] = innerProduct(gradient, v, from, to);
    const [differences, usualOut] = weigh(row, slopes);
    const size = Math.max(Math.abs(autograd), Math.abs(differences), usual, usualOut);
    const rounding = roundingOf(weigh(row, this.#answer.values)[1], h);
    const error = Math.abs(autograd - differences);
    const excess = Number.isFinite(error)
      ? error / Math.max(atol + rtol * size + rounding, Number.MIN_VALUE)
      : Number.POSITIVE_INFINITY;
    return { direction, row, autograd, differences, excess };
  }

  /** Which element a failure along a random direction comes from: the worse half of the worse half of … */
  #pinDown(finding: Finding): Finding {
    const { row } = finding;
    let { direction } = finding;
    const rowOnly = (part: Direction): Finding =>
      this.#compare(part, row, derivative(this.#line(part), part.h, this.#settings.method));
    const errorAlong = (part: Direction): number => {
      const { autograd, differences } = rowOnly(part);
      const error = Math.abs(autograd - differences);
      return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
    };
    while (direction.to - direction.from > 1) {
      const middle = (direction.from + direction.to) >> 1;
      const low = { ...direction, to: middle };
      const high = { ...direction, from: middle };
      direction = errorAlong(low) >= errorAlong(high) ? low : high;
    }
    const element = this.#elements()[direction.from]!;
    const found = this.#findings(element).filter(failed).reduce<Finding | undefined>(worse, undefined);
    return found ?? finding;
  }

  #sides({ direction, row }: Finding): Sides | null {
    const { from, to } = direction;
    if (to - from > 1) return null;
    const line = this.#line(direction);
    const [here, scale] = weigh(row, this.#answer.values);
    const slopes = (h: number): [left: number, right: number] => [
      (here - weigh(row, line(-h))[0]) / h,
      (weigh(row, line(h))[0] - here) / h,
    ];
    const h = 1e-6 * Math.max(1, Math.abs(this.#leaf.values[from]!));
    const [leftBefore, rightBefore] = slopes(h);
    const [left, right] = slopes(h / 8);
    const gapBefore = Math.abs(rightBefore - leftBefore);
    return { left, right, gapBefore, noise: roundingOf(Math.max(1, scale), h / 8) };
  }

  #pair({ direction, row, autograd, differences }: Finding): NonNullable<GradcheckEntry['worst']> {
    const { shape } = this.#answer;
    const absolute = Math.abs(autograd - differences);
    const single = direction.to - direction.from === 1;
    return {
      index: single ? indexAt(direction.from, this.#leaf.shape) : null,
      output: row.output === null ? null : this.#question.nameOutput(row.output, shape),
      autograd,
      differences,
      absolute,
      relative: absolute === 0 ? 0 : absolute / Math.max(Math.abs(autograd), Math.abs(differences)),
    };
  }
}

const failed = ({ excess }: Finding): boolean => excess > 1;
const worse = (a: Finding | undefined, b: Finding): Finding =>
  a === undefined || b.excess > a.excess ? b : a;
