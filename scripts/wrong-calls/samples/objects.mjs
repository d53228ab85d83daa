/** Methods of instances, and functions that functions return. */
export function objectsOf({ T, A, N, f, i32, random, linear, recurrent }) {
  /** An error of a cell that was an argument may name the cell. */
  const row = (name, args, call) => ({
    name,
    names: [name, ...name.split('.'), ...(name.startsWith('Recurrent') ? ['RNNCell'] : [])],
    args,
    call,
  });
  const stacked = (Class) => () => new Class(2, 3, { random, layers: 2 });
  const rows = [
    row(
      'grad',
      () => [f(2)],
      (...args) => A.grad(() => T.tensor(1))(...args),
    ),
    row(
      'valueAndGrad',
      () => [f(2)],
      (...args) => A.valueAndGrad(() => T.tensor(1))(...args),
    ),
    row(
      'valueAndGrad',
      () => [linear(), () => T.tensor(1)],
      (model, fn, x = f(2)) => A.valueAndGrad(model, fn)(x),
    ),
    row(
      'grad',
      () => [() => f(2).sum()],
      (fn) => A.grad(linear(), fn)(),
    ),
    row(
      'customGradient',
      () => [f(2)],
      (...args) =>
        A.customGradient(
          (y) => y,
          (g) => [g],
        )(...args),
    ),
    row(
      'plan',
      () => [f(2)],
      (...args) => T.plan((x) => x)(...args),
    ),
    row(
      'CheckpointSeries.run',
      () => [() => f(2)],
      (...args) => new A.CheckpointSeries().run(...args),
    ),
    row(
      'Parameter.assign',
      () => [f(2)],
      (...args) => new T.Parameter(f(2)).assign(...args),
    ),
    row(
      'Random.integer',
      () => [3],
      (...args) => new T.Random(1).integer(...args),
    ),
    row(
      'Random.fromState',
      () => [new T.Random(1).state],
      (...args) => T.Random.fromState(...args),
    ),
    row(
      'Linear.forward',
      () => [f(3, 2)],
      (...args) => linear().forward(...args),
    ),
    row(
      'Embedding.forward',
      () => [i32([0, 1])],
      (...args) => new N.Embedding(3, 2, { random }).forward(...args),
    ),
    row(
      'LayerNorm.forward',
      () => [f(2, 3)],
      (...args) => new N.LayerNorm(3).forward(...args),
    ),
    row(
      'Dropout.forward',
      () => [f(2, 3)],
      (...args) => new N.Dropout(0.5, { random }).forward(...args),
    ),
    row(
      'Recurrent.forward',
      () => [f(4, 1, 2), f(1, 3), { lengths: [3] }],
      (...args) => recurrent().forward(...args),
    ),
    row(
      'Recurrent.initialState',
      () => [2],
      (...args) => recurrent().initialState(...args),
    ),
    ...[N.RNN, N.GRU, N.LSTM].flatMap((Class) => {
      const make = stacked(Class);
      return [
        row(
          `${Class.name}.forward`,
          () => [f(4, 1, 2), make().initialState(1), { lengths: [3] }],
          (...args) => make().forward(...args),
        ),
        row(
          `${Class.name}.initialState`,
          () => [2],
          (...args) => make().initialState(...args),
        ),
      ];
    }),
    ...[N.RNNCell, N.GRUCell, N.LSTMCell].flatMap((Class) => {
      const make = () => new Class(2, 3, { random });
      return [
        row(
          `${Class.name}.step`,
          () => [f(1, 2), make().initialState(1)],
          (...args) => make().step(...args),
        ),
        row(
          `${Class.name}.advance`,
          () => [make().project(f(1, 2)), make().initialState(1)],
          (...args) => make().advance(...args),
        ),
        row(
          `${Class.name}.project`,
          () => [f(1, 2)],
          (...args) => make().project(...args),
        ),
        row(
          `${Class.name}.initialState`,
          () => [2],
          (...args) => make().initialState(...args),
        ),
      ];
    }),
    ...[N.SGD, N.Adagrad, N.RMSprop, N.Adam, N.AdamW].flatMap((Class) => {
      const make = () => new Class(linear(), { lr: 0.1 });
      return [
        row(
          `${Class.name}.update`,
          () => [{ weight: f(1, 2), bias: f(1) }],
          (...args) => make().update(...args),
        ),
        row(
          `${Class.name}.loadState`,
          () => [make().state()],
          (...args) => make().loadState(...args),
        ),
      ];
    }),
    ...['normalInit', 'uniformInit', 'orthogonal'].map((name) =>
      row(
        name,
        () => [[2, 3], { random }],
        (...args) => N[name](1)(...args),
      ),
    ),
    ...['stepDecay', 'exponentialDecay', 'cosineDecay', 'linearWarmup'].map((name) =>
      row(
        name,
        () => [1],
        (...args) => N[name](1)(...args),
      ),
    ),
  ];
  return rows;
}
