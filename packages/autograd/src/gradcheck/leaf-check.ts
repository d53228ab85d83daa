/** Holding autograd's gradient of one input against differences. */
import type { Random } from '@chronograd/tensor';
import { Layout, type Localizing } from '../place.ts';
import { indexAt } from '../text-table.ts';
import type { Tolerance } from '../tolerance.ts';
import { derivative, type Line, type Method, refined, roundingOf } from './differences.ts';
import {
  type Direction,
  type Finding,
  failed,
  sidesOf,
  within,
  worstElement,
  worstOf,
} from './directions.ts';
import { hintsFor, type Sides } from './hints.ts';
import type { Leaf } from './point.ts';
import { type Answer, type Question, valueAt } from './question.ts';
import type { GradcheckEntry } from './report.ts';
import { innerProduct, type Row, randomVector, weigh } from './rows.ts';

/** How to check; the meanings stand at `GradcheckOptions`. */
export interface Settings extends Tolerance, Localizing {
  readonly method: Method;
  readonly step: number;
  readonly projections: number;
  readonly fullBelow: number;
  readonly seed: number;
}

/** Autograd beside differences, for one leaf. */
export class LeafCheck {
  readonly #question: Question;
  readonly #settings: Settings;
  readonly #answer: Answer;
  readonly #rows: readonly Row[];
  readonly #leaf: Leaf;
  readonly #index: number;
  readonly #layout: Layout;

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
    this.#layout = new Layout('gradcheck', leaf.name, leaf.shape, settings);
  }

  run(random: Random): GradcheckEntry {
    const { name, shape, values } = this.#leaf;
    const single = values.length <= this.#settings.fullBelow;
    const directions = single ? this.#elements() : this.#randomDirections(random);
    const tried = directions.map((direction) => this.#findings(direction));
    const all = tried.flat();
    const failures = all.filter(failed);
    const wrong = failures.length > 0;
    const step = wrong ? this.#partingStep(failures) : null;
    const worst = worstOf(step === null ? all : this.#failuresWithin(failures, this.#layout.stepRange(step)));
    const pinned = worst !== undefined && wrong ? this.#pinDown(worst) : worst;
    return {
      order: this.#question.order,
      input: name,
      shape,
      moved: single ? 'elements' : 'directions',
      compared: directions.length,
      failed: tried.filter((findings) => findings.some(failed)).length,
      step,
      steps: this.#layout.steps,
      wrongGates: wrong ? this.#wrongGates(failures, step) : [],
      worst: pinned === undefined ? null : this.#pair(pinned),
      ignored: all.every(({ autograd, differences }) => autograd === 0 && differences === 0),
      hints: wrong ? hintsFor(pinned!, failures, this.#sides(pinned!)) : [],
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

  /** What fails when only these elements move, in the ways in which more did. */
  #failuresWithin(failures: readonly Finding[], range: readonly [number, number]): Finding[] {
    const directions = new Set(failures.map(({ direction }) => direction));
    return [...directions].flatMap((direction) => {
      const part = within(direction, range);
      if (part === null) return [];
      const same = part.from === direction.from && part.to === direction.to;
      return same
        ? failures.filter((each) => each.direction === direction)
        : this.#findings(part).filter(failed);
    });
  }

  /** Of a sequence, the latest time step that fails by itself; null where none does. */
  #partingStep(failures: readonly Finding[]): number | null {
    for (let step = (this.#layout.steps ?? 0) - 1; step >= 0; step--) {
      if (this.#failuresWithin(failures, this.#layout.stepRange(step)).length > 0) return step;
    }
    return null;
  }

  #wrongGates(failures: readonly Finding[], step: number | null): string[] {
    return this.#layout.gates.filter(
      (_, k) => this.#failuresWithin(failures, this.#layout.gateRange(k, step ?? 0)).length > 0,
    );
  }

  /** The element that a failure along a random direction comes from, moved alone, if it is wrong by itself. */
  #pinDown(finding: Finding): Finding {
    const { direction, row } = finding;
    if (direction.to - direction.from === 1) return finding;
    const errorAlong = (part: Direction): number => {
      const slopes = derivative(this.#line(part), part.h, this.#settings.method);
      const { autograd, differences } = this.#compare(part, row, slopes);
      const error = Math.abs(autograd - differences);
      return Number.isNaN(error) ? Number.POSITIVE_INFINITY : error;
    };
    const element = this.#elements()[worstElement(direction, errorAlong)]!;
    return worstOf(this.#findings(element).filter(failed)) ?? finding;
  }

  #sides({ direction, row }: Finding): Sides | null {
    const { from, to } = direction;
    if (to - from > 1) return null;
    const line = this.#line(direction);
    const [, size] = weigh(row, this.#answer.values);
    return sidesOf((t) => weigh(row, line(t))[0], size, this.#leaf.values[from]!);
  }

  #pair({ direction, row, autograd, differences }: Finding): NonNullable<GradcheckEntry['worst']> {
    const { shape } = this.#answer;
    const absolute = Math.abs(autograd - differences);
    const single = direction.to - direction.from === 1;
    return {
      index: single ? indexAt(direction.from, this.#leaf.shape) : null,
      place: single ? this.#layout.place(direction.from) : null,
      output: row.output === null ? null : this.#question.nameOutput(row.output, shape),
      autograd,
      differences,
      absolute,
      relative: absolute === 0 ? 0 : absolute / Math.max(Math.abs(autograd), Math.abs(differences)),
    };
  }
}
