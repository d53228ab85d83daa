/** Arguments of calls: mostly valid, some nearly valid, some nonsense. */
import { type Dtype, type Random, Tensor, tensor } from '@chronograd/tensor';
import type { Dice } from './dice.ts';
import { BAD_INDICES, BAD_SIZES, GARBAGE, hole } from './garbage.ts';
import { sizes } from './sources.ts';

/** Makes one argument. @param earlier the call's arguments before it */
export type Maker = (draw: Draw, earlier: readonly unknown[]) => unknown;

const shapeOf = (x: unknown): readonly number[] => (x instanceof Tensor ? x.shape : [2, 3]);
/** Axes may be longer if there are no elements. */
const MANY = 100;
const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** The sources of arguments: random choices, and the existing tensors. */
export class Draw {
  readonly dice: Dice;
  readonly pool: Tensor[];
  /** The library's random numbers: equal in both runs of a program. */
  readonly random: Random;

  constructor(dice: Dice, pool: Tensor[], random: Random) {
    this.dice = dice;
    this.pool = pool;
    this.random = random;
  }

  /** The arguments of a call. */
  all(makers: readonly Maker[]): unknown[] {
    const made: unknown[] = [];
    for (const make of makers) {
      // Trailing arguments are sometimes omitted.
      if (made.length > 0 && this.dice.chance(0.05)) break;
      made.push(this.dice.chance(0.06) ? this.dice.pick(GARBAGE)() : make(this, made));
    }
    return made;
  }
}

export const anyTensor: Maker = ({ dice, pool }) => dice.pick(pool);
export const float: Maker = ({ dice, pool }) => dice.pick(pool.filter(({ dtype }) => dtype !== 'int32'));
export const number: Maker = ({ dice }) =>
  dice.pick([0, 1, -1, 2, 0.5, -0, 3, 1e-3, Number.NaN, Number.POSITIVE_INFINITY, 1e300]);
export const small: Maker = ({ dice }) => dice.pick([0, 1, 2, 3, 5, -1, 2.5]);
export const flag: Maker = ({ dice }) => dice.chance(0.5);
export const dtype: Maker = ({ dice }) =>
  dice.chance(0.1)
    ? dice.pick(['float16', 'int64', 'Float32', 5])
    : dice.pick<Dtype>(['float32', 'float64', 'int32']);
export const operand: Maker = (draw, earlier) => {
  const { dice, pool } = draw;
  if (dice.chance(0.3)) return number(draw, earlier);
  // Mostly the dtype of the previous one.
  const first = earlier.at(-1);
  const fitting = pool.filter((x) => !(first instanceof Tensor) || x.dtype === first.dtype);
  return dice.pick(fitting.length > 0 && dice.chance(0.9) ? fitting : pool);
};

/** A tensor with the shape and dtype of the first argument, if there is one. */
export const twin: Maker = ({ dice, pool }, earlier) => {
  const [first] = earlier;
  const same = pool.filter(
    (x) => `${x.shape}` === `${shapeOf(first)}` && x.dtype === (first as Tensor)?.dtype,
  );
  return dice.pick(same.length > 0 && dice.chance(0.85) ? same : pool);
};

/** A matrix that mostly fits a product with the first argument. In half of the cases a view. */
export const factor =
  (weight: boolean): Maker =>
  (draw, earlier) => {
    const { dice } = draw;
    const [first] = earlier;
    if (!(first instanceof Tensor) || dice.chance(0.2)) return operand(draw, earlier);
    const own = [Math.min(first.shape.at(-1) ?? 1, MANY), 1 + dice.below(4)];
    const [rows, cols] = (weight ? own.reverse() : own) as [number, number];
    const numbers = dice.list(rows * cols, () => (dice.below(17) - 8) / 8);
    const { dtype } = first;
    if (dtype === 'int32' || dice.chance(0.5))
      return tensor(new Float32Array(numbers), { shape: [rows, cols] });
    return tensor(new Float64Array(numbers), { shape: [cols, rows], dtype }).transpose();
  };

export const axis: Maker = ({ dice }, earlier) => {
  const rank = shapeOf(earlier[0]).length;
  return dice.below(2 * rank + 2) - rank - (dice.chance(0.9) ? 0 : 1);
};
export const axes: Maker = (draw, earlier) => {
  const { dice } = draw;
  const rank = shapeOf(earlier[0]).length;
  if (dice.chance(0.2)) return undefined;
  if (dice.chance(0.3)) return axis(draw, earlier);
  const list: unknown[] = dice.shuffle([...Array(rank).keys()]).slice(0, dice.below(rank + 1));
  return spoiled(draw, list);
};
export const order: Maker = (draw, earlier) =>
  spoiled(draw, draw.dice.shuffle([...Array(shapeOf(earlier[0]).length).keys()]));

/** A list, sometimes with a hole or a wrong element. */
function spoiled({ dice }: Draw, list: unknown[]): unknown[] {
  if (list.length === 0 || dice.chance(0.85)) return list;
  const at = dice.below(list.length);
  if (dice.chance(0.5)) delete list[at];
  else list[at] = dice.pick([...BAD_SIZES, 9, '1']);
  return list;
}

export const shape: Maker = (draw) => spoiled(draw, sizes(draw.dice));
export const newShape: Maker = (draw, earlier) => {
  const { dice } = draw;
  const own = shapeOf(earlier[0]);
  const lists: unknown[][] = [[-1], [count(own)], [...own].reverse(), [1, ...own], [...own, -1], sizes(dice)];
  return spoiled(draw, dice.pick(lists));
};
export const larger: Maker = (draw, earlier) => {
  const { dice } = draw;
  const own = shapeOf(earlier[0]).map((size) => (size === 1 ? dice.pick([1, 3, 5]) : size));
  return spoiled(draw, [...sizes(dice, 1), ...own]);
};
export const widths: Maker = (draw, earlier) =>
  spoiled(
    draw,
    shapeOf(earlier[0]).map(() => spoiled(draw, [draw.dice.below(3), draw.dice.below(3)])),
  );
/** Lengths of the sequences of a batch of `size`, at most `steps`. */
export const lengths = (draw: Draw, size: number, steps: number): unknown[] =>
  spoiled(
    draw,
    draw.dice.list(size, () => draw.dice.below(steps + 1)),
  );
export const parts: Maker = (draw, earlier) => {
  const size = shapeOf(earlier[0])[0] ?? 1;
  const first = draw.dice.below(size + 1);
  return spoiled(draw, [first, size - first]);
};
export const position: Maker = ({ dice }, earlier) => {
  const size = shapeOf(earlier[0])[0] ?? 1;
  return dice.chance(0.85)
    ? dice.below(Math.max(1, 2 * size)) - size
    : dice.pick([size, -size - 1, 2 ** 31, 1.5]);
};
export const range: Maker = (draw, earlier) => {
  const { dice } = draw;
  if (dice.chance(0.2)) return null;
  if (dice.chance(0.3)) return position(draw, earlier);
  return spoiled(draw, [dice.below(6) - 2, dice.below(8) - 2, 1 + dice.below(3)].slice(0, 1 + dice.below(3)));
};

/** Several tensors in a list, mostly of one shape. */
export const list: Maker = (draw) => {
  const { dice, pool } = draw;
  const first = dice.pick(pool);
  const rest = dice.list(dice.below(3), () => twin(draw, [first]));
  return spoiled(draw, [first, ...rest]);
};

/** Indices of the rows of the first argument, or of `rows` rows, sometimes out of range. */
export const indices: Maker = ({ dice }, earlier) => {
  const rows = shapeOf(earlier[0])[0] ?? 1;
  const own = rows < MANY && dice.chance(0.5) ? [rows] : sizes(dice, 2);
  const values = dice.list(count(own), () => dice.below(Math.max(1, rows)));
  if (values.length > 0 && dice.chance(0.2)) values[dice.below(values.length)] = dice.pick(BAD_INDICES);
  const x = tensor(new Int32Array(values), { shape: own });
  return dice.chance(0.2) ? x.flip() : x;
};

export const like: Maker = (draw, earlier) =>
  draw.dice.chance(0.3)
    ? draw.dice.pick(draw.pool)
    : { shape: shape(draw, earlier), ...(draw.dice.chance(0.1) ? {} : { dtype: dtype(draw, earlier) }) };
export const createOptions: Maker = (draw, earlier) =>
  draw.dice.chance(0.4) ? undefined : { dtype: dtype(draw, earlier) };
export const randomOptions: Maker = (draw, earlier) => ({
  random: draw.random,
  ...(draw.dice.chance(0.3) ? { dtype: dtype(draw, earlier) } : {}),
});
export const values: Maker = ({ dice }) =>
  dice.pick<() => unknown>([
    () => new Float32Array([1, 2, 3, 4]),
    () => new Float64Array([0.5, Number.NaN]),
    () => new Int32Array([3, 2, 1, 0, 1, 2]),
    () => [
      [1, 2],
      [3, 4],
    ],
    () => [[1], [2, 3]],
    () => [],
    () => 5,
    hole,
  ])();
export const lossOptions: Maker = ({ dice, pool }) =>
  dice.pick<() => unknown>([
    () => undefined,
    () => ({ reduction: 'sum' }),
    () => ({ reduction: 'none' }),
    () => ({ mask: dice.pick(pool) }),
    () => ({ ignoreIndex: 1 }),
  ])();
export const nothing: Maker = () => undefined;
