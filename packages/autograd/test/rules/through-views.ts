/**
 * Ways to make a tensor a view of another one, so that ops get every layout and gradients pass
 * through views.
 */
import type { Range, Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import type { Question } from './laws.ts';
import { at, build, type Plain } from './plain.ts';
import { axesOf, type Sample } from './samples/sample.ts';

/** A tensor `base`, and `view`, which makes a view of it. */
interface ViewOf {
  readonly base: Plain;
  readonly view: (base: Tensor) => Tensor;
  readonly label: string;
}

/** Makes a base whose view equals `x`. */
type ViewMaker = (x: Plain) => fc.Arbitrary<ViewOf>;

const permuted: ViewMaker = (x) =>
  fc.shuffledSubarray([...x.shape.keys()], { minLength: x.shape.length }).map((order) => ({
    base: build(
      order.map((axis) => x.shape[axis]!),
      (index) =>
        at(
          x,
          x.shape.map((_, axis) => index[order.indexOf(axis)]!),
        ),
    ),
    view: (base) => base.permute(x.shape.map((_, axis) => order.indexOf(axis))),
    label: `permuted ${order}`,
  }));

const flipped: ViewMaker = (x) =>
  axesOf(x.shape.length).map((axes) => ({
    base: build(x.shape, (index) =>
      at(
        x,
        index.map((i, axis) => (axes.includes(axis) ? x.shape[axis]! - 1 - i : i)),
      ),
    ),
    view: (base) => base.flip(axes),
    label: `flipped ${axes}`,
  }));

/**
 * Every second or third element of a larger tensor. The others are 1, which is far from any pole.
 */
const sliced: ViewMaker = (x) =>
  fc
    .tuple(...x.shape.map(() => fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 3 }))))
    .map((places) => {
      const ends = x.shape.map((n, axis) => places[axis]![0] + n * places[axis]![1]);
      const own = (index: readonly number[]): number[] | null => {
        const to = index.map((i, axis) => (i - places[axis]![0]) / places[axis]![1]);
        return to.every((i, axis) => Number.isInteger(i) && i >= 0 && i < x.shape[axis]!) ? to : null;
      };
      return {
        base: build(ends, (index) => {
          const to = own(index);
          return to === null ? 1 : at(x, to);
        }),
        view: (base) => base.slice(...places.map(([start, step], axis): Range => [start, ends[axis]!, step])),
        label: `sliced ${JSON.stringify(places)}`,
      };
    });

/** A row or column of something with one axis more. */
const selected: ViewMaker = (x) =>
  fc
    .tuple(fc.nat({ max: x.shape.length }), fc.integer({ min: 1, max: 3 }), fc.nat())
    .map(([axis, n, where]) => {
      const index = where % n;
      return {
        base: build(x.shape.toSpliced(axis, 0, n), (each) =>
          each[axis] === index ? at(x, each.toSpliced(axis, 1)) : 1,
        ),
        view: (base) => base.select(index, axis),
        label: `selected ${index} along ${axis}`,
      };
    });

/** All elements along one axis are the same. This replaces the input by its first elements. */
const expanded: ViewMaker = (x) =>
  fc.constantFrom(...x.shape.keys()).map((axis) => {
    const shape = x.shape[axis]! > 0 ? x.shape.with(axis, 1) : x.shape;
    return {
      base: build(shape, (index) => at(x, index)),
      view: (base) => base.expand(x.shape),
      label: `expanded along ${axis}`,
    };
  });

const anyView: ViewMaker = (x) =>
  fc.oneof(permuted(x), flipped(x), sliced(x), selected(x), ...(x.shape.length > 0 ? [expanded(x)] : []));

/** A question whose inputs are bases, whose views are the op's arguments. */
class ViewedSample implements Question {
  readonly inputs: readonly Plain[];
  readonly #views: readonly ViewOf[];
  readonly #sample: Sample;

  constructor(sample: Sample, views: readonly ViewOf[]) {
    this.inputs = views.map(({ base }) => base);
    this.#views = views;
    this.#sample = sample;
  }

  readonly call = (...bases: Tensor[]): Tensor =>
    this.#sample.call(...bases.map((base, i) => this.#views[i]!.view(base)));

  [fc.toStringMethod](): string {
    const labels = this.#views.map(({ label, base }) => `${label} of [${base.shape}] ${base.values}`);
    return `${this.#sample.label}, through ${labels.join(' and ')}`;
  }
}

/** The same op on views of other tensors. */
export function throughViews(sample: Sample): fc.Arbitrary<Question> {
  return fc.tuple(...sample.inputs.map(anyView)).map((views) => new ViewedSample(sample, views));
}
