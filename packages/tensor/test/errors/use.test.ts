import { expect, test } from 'vitest';
import { adagradUpdate, persistentStorage, sgdUpdate, writePersistent } from '../../src/engine.ts';
import {
  add,
  copyOut,
  memory,
  Parameter,
  scope,
  setMemoryLimit,
  type Tensor,
  tensor,
  useKernels,
  zeros,
} from '../../src/index.ts';
import { messages } from './messages.ts';

const x = zeros([2, 3]);

test('Mixed dtypes, escaped tensors, promises and full memory are explained', () => {
  let leaked: Tensor = x;
  const kept = scope(() => {
    leaked = x.mul(2);
    return copyOut(leaked);
  });
  const w = new Parameter(x);
  const gone = new Parameter(x);
  gone[Symbol.dispose]();
  const whole = memory().heapBytes;
  const text = messages({
    "x.add(zeros([2, 3], { dtype: 'float64' }))": () => x.add(zeros([2, 3], { dtype: 'float64' })),
    "x.cast('int32').add(x)": () => x.cast('int32').add(x),
    "x.add('1')": () => x.add('1' as never),
    'add([1], [2])': () => add([1] as never, [2] as never),
    'add(1, 2)': () => add(1, 2),
    'x.clamp(0)': () => x.clamp(0, undefined as never),
    "x.cast('int64')": () => x.cast('int64' as never),
    "x.cast('int32').add(0.5)": () => x.cast('int32').add(0.5),
    "x.cast('int32').tanh()": () => x.cast('int32').tanh(),
    'leaked.add(1)': () => leaked.add(1),
    'leaked.toArray()': () => leaked.toArray(),
    'scope(async () => x.add(1))': () => scope(async () => x.add(1)),
    'w.assign(zeros([3, 2]))': () => w.assign(zeros([3, 2])),
    "w.assign(zeros([2, 3], { dtype: 'float64' }))": () => w.assign(zeros([2, 3], { dtype: 'float64' })),
    'w.assign(0)': () => w.assign(0 as never),
    'sgdUpdate(w, zeros([3]), 0.1)': () => sgdUpdate(w, zeros([3]), 0.1),
    'adagradUpdate(w, x, new Parameter(zeros([2])), …)': () =>
      adagradUpdate(w, x, new Parameter(zeros([2])), { lr: 0.1, eps: 1e-8, epsInside: true }),
    'gone.add(1)': () => gone.add(1),
    'gone.assign(x)': () => gone.assign(x),
    'writePersistent(x.storage, …)': () => writePersistent(x.storage, 'update', () => {}),
    "useKernels('turbo')": () => useKernels('turbo' as never),
    'setMemoryLimit(0)': () => setMemoryLimit(0),
    'setMemoryLimit(heap), persistentStorage(…)': () => {
      setMemoryLimit(whole);
      try {
        persistentStorage('float64', whole, 'Parameter');
      } finally {
        setMemoryLimit(2 ** 32);
      }
    },
  });
  expect(text.replaceAll(String(whole), 'H').replaceAll(String(8 * whole), '8H')).toMatchInlineSnapshot(`
    "
    x.add(zeros([2, 3], { dtype: 'float64' }))
      DtypeError: add: expected one dtype, got float32 and float64, and no op promotes; cast one: x.cast('float32')
    x.cast('int32').add(x)
      DtypeError: add: expected one dtype, got int32 and float32, and no op promotes; cast one: x.cast('float32'); indices need oneHot(x, classes) or an Embedding
    x.add('1')
      ValueError: add: expected a tensor, got "1"; make one with tensor(…)
    add([1], [2])
      ValueError: add: expected a tensor, got an array; make one with tensor(…)
    add(1, 2)
      DtypeError: add: expected at least one tensor, which has a dtype, got two numbers
    x.clamp(0)
      ValueError: clamp: expected a number (Infinity for no limit) for high, got undefined
    x.cast('int64')
      DtypeError: cast: expected dtype 'float32', 'float64' or 'int32', got "int64"
    x.cast('int32').add(0.5)
      DtypeError: add: expected a whole number of 32 bits beside int32, got 0.5; cast first: x.cast('float32')
    x.cast('int32').tanh()
      DtypeError: tanh: expected float32 or float64, got int32; cast first: x.cast('float32'); indices need oneHot(x, classes) or an Embedding
    leaked.add(1)
      ScopeError: a tensor made by mul was used after the function that it was computed in had returned; return it from that function, or keep a copy while inside with copyOut(x)
    leaked.toArray()
      ScopeError: a tensor made by mul was used after the function that it was computed in had returned; return it from that function, or keep a copy while inside with copyOut(x)
    scope(async () => x.add(1))
      ScopeError: a promise was returned from a scope or a differentiated function, whose memory is gone when it returns; make the function synchronous, and await before or after it
    w.assign(zeros([3, 2]))
      ShapeError: assign: expected the parameter's shape [2, 3], got [3, 2]
    w.assign(zeros([2, 3], { dtype: 'float64' }))
      DtypeError: assign: expected the parameter's float32, got float64; cast first: x.cast('float32')
    w.assign(0)
      ValueError: assign: expected a tensor, got a number; make one with tensor(…)
    sgdUpdate(w, zeros([3]), 0.1)
      ShapeError: SGD: expected the parameter's shape [2, 3] for the gradient, got [3]
    adagradUpdate(w, x, new Parameter(zeros([2])), …)
      ShapeError: Adagrad: expected the parameter's shape [2, 3] for the accumulator, got [2]
    gone.add(1)
      ScopeError: a Parameter was used after it had been disposed of; make a new one
    gone.assign(x)
      ScopeError: a Parameter was used after it had been disposed of; make a new one
    writePersistent(x.storage, …)
      ScopeError: update: expected a parameter or optimizer state, which alone are written in place
    useKernels('turbo')
      ValueError: useKernels: expected "fast", "strict" or "reference", got "turbo"
    setMemoryLimit(0)
      ValueError: setMemoryLimit: expected a positive number of bytes, got 0
    setMemoryLimit(heap), persistentStorage(…)
      OutOfMemoryError: out of memory: 8H bytes asked for, the heap holds H and cannot grow; use smaller batches or fewer steps, or raise the limit with setMemoryLimit
    "
  `);
  expect(kept.toArray()).toEqual(
    tensor([
      [0, 0, 0],
      [0, 0, 0],
    ]).toArray(),
  );
});
