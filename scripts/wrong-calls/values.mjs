/** Values that no function accepts, and a seeded choice among them. */

/** Thrown by the values. An error of a caller's own getter is passed on. */
export class FromValue extends Error {}

/** A stream of integers below a limit: mulberry32 by Tommy Ettinger. */
export function seeded(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function cyclicObject() {
  const loop = { x: 1 };
  loop.self = loop;
  return loop;
}

function cyclicArray() {
  const loop = [];
  loop.push(loop);
  return loop;
}

function throwingProxy() {
  const fail = () => {
    throw new FromValue('a trap of the caller');
  };
  return new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail });
}

const array = (...items) => items;

/** Makers of wrong values, each a new one. */
export function wrongValues({ tensor, nn }) {
  const random = new tensor.Random(7);
  class Loop extends nn.Module {
    up = this;
  }
  class Mapped extends nn.Module {
    layers = new Map([['a', new nn.Linear(1, 1, { random })]]);
  }
  const disposed = () => {
    const gone = new tensor.Parameter(tensor.ones([2]));
    gone[Symbol.dispose]();
    return gone;
  };
  return [
    // Nothing, and plain values.
    ...array(undefined, null, true, false, '', 'x', 'float16', '3', 0, -0, 1, -1, 2, 7, 1.5, Number.NaN),
    ...array(
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      2 ** 53,
      -(2 ** 53),
      1e300,
      1n,
      -5n,
      Symbol('s'),
      Symbol.iterator,
    ),
  ]
    .map((value) => () => value)
    .concat([
      // Arrays.
      () => [],
      () => [Number.NaN],
      () => [-1],
      () => [1.5, 2],
      () => [1, 2, 3],
      () => [2 ** 53, 2 ** 53],
      () => ['1'],
      () => [null],
      () => [1n],
      () => [Symbol('s')],
      () => array(undefined, 1),
      () => new Array(3),
      () => [[1, 2], [3]],
      () => [[1], 2],
      () => cyclicArray(),
      () => [tensor.ones([2]), 3],
      // Objects.
      () => ({}),
      () => Object.create(null),
      () => ({ dtype: 'float16' }),
      () => ({ random: 3 }),
      () => ({ noSuchOption: 1 }),
      () => ({ shape: [2], dtype: 'int8' }),
      () => ({ value: 3 }),
      () => ({ toString: null, valueOf: null }),
      () => ({ constructor: null }),
      () => cyclicObject(),
      () => throwingProxy(),
      () => new Map([[1, 2]]),
      () => new Map([['w', tensor.ones([1])]]),
      () => new Set(),
      () => new Date(0),
      () => /x/,
      () => Promise.resolve(1),
      () => new Error('mine'),
      () => new Uint8Array(4),
      () => new BigInt64Array(2),
      () => new Float32Array(3),
      () => new ArrayBuffer(8),
      // Functions.
      () => () => undefined,
      () => () => null,
      () => () => 3,
      () => () => tensor.ones([2]),
      () => async () => 1,
      // Tensors of other ranks, dtypes and states.
      () => tensor.tensor(1),
      () => tensor.tensor([1, 2], { dtype: 'int32' }),
      () => tensor.zeros([0]),
      () => tensor.zeros([2, 0, 3]),
      () => tensor.ones([5], { dtype: 'float64' }),
      () => tensor.ones([1, 2, 3, 4]),
      () => tensor.ones([7, 7]),
      () => disposed(),
      // Modules.
      () => new nn.Linear(2, 3, { random }),
      () => new nn.RNNCell(3, 2, { random }),
      () => new Loop(),
      () => new Mapped(),
    ]);
}
