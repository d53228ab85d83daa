/**
 * Ways to make a tensor a view of another one, so that ops get every layout and gradients pass
 * through views.
 */
import type { Range, Tensor } from '@chronograd/tensor';
import fc from 'fast-check';
import type { Question } from './laws.ts';
import { at, build, type Plain } from './plain.ts';
import { axesOf, type Sample } from './samples/sample.ts';

/** A tensor `base`, of which `see` shows another. */
interface Sighting {
  readonly base: Plain;
  readonly see: (base: Tensor) => Tensor;
  readonly label: string;
}

/** Something that shows `x` when `see` looks at it. */
type Way = (x: Plain) => fc.Arbitrary<Sighting>;

const permuted: Way = (x) =>
  fc.shuffledSubarray([...x.shape.keys()], { minLength: x.shape.length }).map((order) => ({
    base: build(
      order.map((axis) => x.shape[axis]!),
      (index) =>
        at(
          x,
          x.shape.map((_, axis) => index[order.indexOf(axis)]!),
        ),
    ),
    see: (base) => base.permute(x.shape.map((_, axis) => order.indexOf(axis))),
    label: `permuted ${order}`,
  }));

const flipped: Way = (x) =>
  axesOf(x.shape.length).map((axes) => ({
    base: build(x.shape, (index) =>
      at(
        x,
        index.map((i, axis) => (axes.includes(axis) ? x.shape[axis]! - 1 - i : i)),
      ),
    ),
    see: (base) => base.flip(axes),
    label: `flipped ${axes}`,
  }));

/**
 * Every second or third element of a larger tensor. The others are 1, which is far from any pole.
 */
const sliced: Way = (x) =>
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
        see: (base) => base.slice(...places.map(([start, step], axis): Range => [start, ends[axis]!, step])),
        label: `sliced ${JSON.stringify(places)}`,
      };
    });

/** A row or column of something with one axis more. */
const selected: Way = (x) =>
  fc
    .tuple(fc.nat({ max: x.shape.length }), fc.integer({ min: 1, max: 3 }), fc.nat())
    .map(([axis, n, where]) => {
      const index = where % n;
      return {
        base: build(x.shape.toSpliced(axis, 0, n), (each) =>
          each[axis] === index ? at(x, each.toSpliced(axis, 1)) : 1,
        ),
        see: (base) => base.select(index, axis),
        label: `selected ${index} along ${axis}`,
      };
    });

/** All elements along one axis are the same. This replaces the input by its first elements. */
const expanded: Way = (x) =>
  fc.constantFrom(...x.shape.keys()).map((axis) => {
    const shape = x.shape[axis]! > 0 ? x.shape.with(axis, 1) : x.shape;
    return {
      base: build(shape, (index) => at(x, index)),
      see: (base) => base.expand(x.shape),
      label: `expanded along ${axis}`,
    };
  });

const sightingOf: Way = (x) =>
  fc.oneof(permuted(x), flipped(x), sliced(x), selected(x), ...(x.shape.length > 0 ? [expanded(x)] : []));

/** A question whose inputs are bases, of which the op sees views. */
class SeenSample implements Question {
  readonly inputs: readonly Plain[];
  readonly #sightings: readonly Sighting[];
  readonly #sample: Sample;

  constructor(sample: Sample, sightings: readonly Sighting[]) {
    this.inputs = sightings.map(({ base }) => base);
    this.#sightings = sightings;
    this.#sample = sample;
  }

  readonly call = (...bases: Tensor[]): Tensor =>
    this.#sample.call(...bases.map((base, i) => this.#sightings[i]!.see(base)));

  [fc.toStringMethod](): string {
    const views = this.#sightings.map(({ label, base }) => `${label} of [${base.shape}] ${base.values}`);
    return `${this.#sample.label}, seen ${views.join(' and ')}`;
  }
}

/** The same op on views of other tensors. */
export function throughViews(sample: Sample): fc.Arbitrary<Question> {
  return fc.tuple(...sample.inputs.map(sightingOf)).map((sightings) => new SeenSample(sample, sightings));
}
