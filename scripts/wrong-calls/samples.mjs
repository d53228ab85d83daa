/** A right call of everything public: its name, and arguments that wrong ones are made of. */

/** For authors of packages: the name of the caller comes first, and is right. */
const NAMED = new Set(['dependencies', 'leavesOf', 'mapTree', 'requireValue']);
/** What is no function of its own: errors are made by the packages, and these are tables. */
const NOT_CALLED = /Error$|^(rules|anomaly|comparisonTolerance|gradcheckTolerance)$/;
/** Abstract: their methods are called through `LSTMCell`, `Linear` and `Adam`. */
const ABSTRACT = new Set([
  'Cell',
  'ProjectedCell',
  'Module',
  'Optimizer',
  'Tensor',
  'GradcheckReport',
  'GradientComparison',
  'CellLawReport',
]);

/**
 * @returns rows of { name, names, call, args }: `call(...args())` is right, and an error of it should name one of `names`.
 */
export function samplesOf(packages) {
  const { tensor: T, autograd: A, nn: N, probe, testing, npy, safetensors } = packages;
  const random = new T.Random(1);
  const f = (...shape) => T.normal(shape, { random });
  const i32 = (values) => T.tensor(values, { dtype: 'int32' });
  const linear = () => new N.Linear(2, 1, { random });
  const cell = () => new N.RNNCell(2, 3, { random });
  const recurrent = () => new N.Recurrent(cell());
  const makeCell = ({ inputSize, hiddenSize, ...rest }) => new N.RNNCell(inputSize, hiddenSize, rest);
  const unary = () => [f(2, 3)];
  const binary = () => [f(2, 3), f(2, 3)];
  const layer = () => [2, 3, { random, dtype: 'float32' }];
  const bptt = (gates) => () => {
    const rows = (count) => Array.from({ length: count }, () => [0.1]);
    const weights = {
      Wxh: rows(gates),
      Whh: rows(gates),
      Why: rows(2),
      bh: new Array(gates).fill(0),
      by: [0, 0],
    };
    return [gates === 3 ? { ...weights, bx: [0, 0, 0] } : weights, [[[1]]], [[0]]];
  };
  const forward = (gates) => () => bptt(gates)().slice(0, 2);
  const samples = {
    // tensor: making
    arange: () => [0, 4, { step: 2 }],
    bernoulli: () => [[2], 0.5, { random }],
    eye: () => [2, { dtype: 'float64' }],
    full: () => [[2], 1, {}],
    fullLike: () => [f(2), 1],
    normal: () => [[2], { random, std: 2 }],
    ones: () => [[2], {}],
    onesLike: () => [f(2)],
    tensor: () => [[[1, 2]], {}],
    uniform: () => [[2], { random, low: 1 }],
    zeros: () => [[2], {}],
    zerosLike: () => [f(2)],
    Parameter: () => [f(2)],
    Random: () => [3],
    // tensor: ops
    ...Object.fromEntries(
      [
        'abs',
        'exp',
        'expm1',
        'log',
        'log1p',
        'neg',
        'reciprocal',
        'relu',
        'sigmoid',
        'sign',
        'silu',
        'softplus',
        'sqrt',
        'square',
        'tanh',
      ].map((name) => [name, unary]),
    ),
    ...Object.fromEntries(
      [
        'add',
        'div',
        'equal',
        'greater',
        'greaterEqual',
        'less',
        'lessEqual',
        'maximum',
        'minimum',
        'mul',
        'notEqual',
        'pow',
        'sub',
        'dot',
      ].map((name) => [name, binary]),
    ),
    ...Object.fromEntries(
      ['sum', 'mean', 'max', 'min', 'norm'].map((name) => [name, () => [f(2, 3), 1, true]]),
    ),
    variance: () => [f(2, 3), 1, true, 1],
    logSumExp: () => [f(2, 3), 1, true],
    softmax: () => [f(2, 3), 1],
    logSoftmax: () => [f(2, 3), 1],
    argmax: () => [f(2, 3), 1],
    cast: () => [f(2), 'float64'],
    chunk: () => [f(4), 2, 0],
    clamp: () => [f(2), -1, 1],
    concat: () => [[f(2), f(3)], 0],
    expand: () => [f(1, 3), [2, 3]],
    flip: () => [f(2, 3), [1]],
    gather: () => [f(3, 2), i32([0, 2])],
    isFloat: () => ['float32'],
    linear: () => [f(2, 3), f(4, 3), f(4)],
    matmul: () => [f(2, 3), f(3, 2)],
    oneHot: () => [i32([0, 1]), 3, 'float64'],
    outer: () => [f(2), f(3)],
    pad: () => [f(2), [[1, 1]], 0],
    permute: () => [f(2, 3), [1, 0]],
    reshape: () => [f(2, 3), [6]],
    scatterRows: () => [f(2, 3), i32([0, 1]), 4],
    select: () => [f(2, 3), 0, 1],
    slice: () => [f(2, 3), [0, 1], null],
    softmaxCrossEntropy: () => [f(2, 3), i32([0, 1]), -100],
    split: () => [f(4), [1, 3], 0],
    squeeze: () => [f(1, 2), 0],
    stack: () => [[f(2), f(2)], 0],
    transpose: () => [f(2, 3), 0, 1],
    unsqueeze: () => [f(2), 0],
    where: () => [f(2), 1, f(2)],
    // tensor: running
    keepTensors: () => [{ a: f(2) }],
    kernelsAvailable: () => [],
    kernelsInUse: () => [],
    KernelProfile: () => [() => 0],
    memory: () => [],
    plan: () => [(x) => x],
    scope: () => [() => f(2)],
    setMemoryLimit: () => [2 ** 32],
    useFastestKernels: null,
    useKernels: () => ['strict'],
    trimMemory: () => [],
    withProfile: () => [new T.KernelProfile(() => 0), () => f(2)],
    // autograd
    atTimeStep: () => [null],
    CheckpointSeries: () => [],
    checkpoint: () => [() => f(2)],
    compareGradients: () => [{ w: f(2) }, { w: f(2) }, { rtol: 9 }],
    customGradient: () => [(x) => x, (g) => [g], 'mine'],
    dependencies: () => [() => T.tensor(1)],
    detectAnomaly: () => [linear(), () => f(2)],
    drawnOnce: () => [() => f(2)],
    grad: () => [() => T.tensor(1)],
    gradcheck: () => [(x) => x.mul(x), [T.ones([2], { dtype: 'float64' })], { order: 1 }],
    hvp: () => [(x) => x, T.tensor(1), T.tensor(1)],
    jvp: () => [(x) => x, f(2), f(2)],
    leavesOf: () => [{ w: f(2) }],
    mapTree: () => [{ w: f(2) }, (x) => x],
    requireValue: () => [T.tensor(1)],
    showPlace: () => [{ step: 1, gate: 'f', row: 1, column: 2 }],
    stopGradient: () => [f(2)],
    surrounded: () => [(body) => body(), () => 1],
    valueAndGrad: () => [() => T.tensor(1)],
    vjp: () => [(x) => x, f(2), f(2)],
    withoutCheckpoints: () => [() => 1],
    // nn
    Adagrad: () => [linear(), { lr: 0.1, eps: 1e-8 }],
    Adam: () => [linear(), { lr: 0.1, betas: [0.9, 0.99] }],
    AdamW: () => [linear(), { lr: 0.1 }],
    RMSprop: () => [linear(), { lr: 0.1 }],
    SGD: () => [linear(), { lr: 0.1, momentum: 0.9 }],
    Dropout: () => [0.5, { random }],
    Embedding: layer,
    GRU: layer,
    GRUCell: layer,
    LSTM: layer,
    LSTMCell: layer,
    LayerNorm: () => [3, { eps: 1e-5 }],
    Linear: layer,
    RNN: layer,
    RNNCell: layer,
    Recurrent: () => [cell(), { batchFirst: true }],
    Streams: () => [new Int32Array(100), { batch: 2, steps: 5 }],
    Vocabulary: () => [['a', 'b']],
    binaryCrossEntropy: () => [f(2), T.ones([2]), {}],
    blocksOf: () => [cell()],
    checkTraining: () => [linear(), () => f(2).sum(), []],
    clipByGlobalNorm: () => [{ w: f(2) }, 1],
    clipByValue: () => [{ w: f(2) }, 1],
    cosineDecay: () => [10, 0.1],
    crossEntropy: () => [f(2, 3), i32([0, 1]), {}],
    exponentialDecay: () => [0.9],
    fanInNormal: () => [[2, 3], { random }],
    functionalCall: () => [linear(), { bias: f(1) }, () => 1],
    globalNorm: () => [{ w: f(2) }],
    gruBackward: bptt(3),
    gruForward: forward(3),
    linearWarmup: () => [10, { from: 0.1 }],
    loadStateDict: () => [linear(), N.stateDict(linear()), { strict: true }],
    lstmBackward: bptt(4),
    lstmForward: forward(4),
    mse: () => [f(2), f(2), {}],
    normalInit: () => [0.1],
    oneHotVector: () => [1, 3],
    orthogonal: () => [1],
    rnnBackward: bptt(1),
    rnnForward: forward(1),
    rnnLoss: () => [[[[0, 1]]], [[0]]],
    stateDict: () => [linear()],
    stepDecay: () => [10, 0.1],
    uniformInit: () => [3],
    xavierNormal: () => [[2, 3], { random }],
    xavierUniform: () => [[2, 3], { random }],
    zerosInit: () => [[2, 3], { random }],
    // entry points
    eigenvalues: () => [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    gradientFlow: () => {
      const r = recurrent();
      return [r, () => r.forward(f(2, 1, 2)).outputs.sum(), {}];
    },
    jacobianNorms: () => [recurrent(), f(2, 1, 2), {}],
    largestSingularValue: () => [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    normsOf: () => [f(2, 3)],
    recordTaps: () => {
      const r = recurrent();
      return [r, () => r.forward(f(2, 1, 2))];
    },
    spectralRadius: () => [
      [
        [1, 2],
        [3, 4],
      ],
    ],
    stateJacobian: () => [recurrent(), f(2, 1, 2), { from: 0 }],
    stepJacobians: () => [recurrent(), f(2, 1, 2), {}],
    cellLaws: () => [makeCell, { runs: 1 }],
    checkCell: () => [makeCell, { runs: 1, skip: ['second order', 'gradients'] }],
    readNpy: () => [npy.writeNpy(f(2))],
    readNpz: () => [npy.writeNpz(new Map([['a', f(2)]]))],
    writeNpy: () => [f(2)],
    writeNpz: () => [new Map([['a', f(2)]]), {}],
    readSafetensors: () => [safetensors.writeSafetensors(N.stateDict(linear()))],
    writeSafetensors: () => [N.stateDict(linear()), { a: 'b' }],
  };
  const rows = [];
  const missing = [];
  for (const module of [T, A, N, probe, testing, npy, safetensors]) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== 'function' || NOT_CALLED.test(name) || ABSTRACT.has(name)) continue;
      const args = samples[name];
      if (args === undefined) missing.push(name);
      else if (args !== null)
        rows.push({
          name,
          names: /jacobian/i.test(name) ? [name, 'RNNCell'] : [name], // the cell that was given
          args,
          call: callOf(name, value, name === 'detectAnomaly' && module === A),
        });
    }
  }
  if (missing.length > 0) throw new Error(`wrong-calls: no sample call of ${missing.join(', ')}`);
  return [
    ...rows,
    ...methodsOf(T.Tensor.prototype, samples, T),
    ...objectsOf(packages, { f, i32, random, linear, recurrent }),
  ];
}

const isClass = (value) => /^class\b/.test(Function.prototype.toString.call(value));

/** Calls a function, or makes an object of a class. */
function callOf(name, fn, bodyOnly) {
  if (isClass(fn)) return (...args) => new fn(...args);
  if (NAMED.has(name)) return (...args) => fn(name, ...args);
  // autograd's detectAnomaly has no model.
  return bodyOnly ? (_, ...args) => fn(...args) : fn;
}

/** The methods of tensors: the samples of the functions of their name, without the tensor. */
function methodsOf(prototype, samples) {
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const { value } = Object.getOwnPropertyDescriptor(prototype, name);
    const args = samples[name];
    if (typeof value !== 'function' || !Object.hasOwn(samples, name) || args === null) return [];
    return [
      {
        name: `Tensor.${name}`,
        names: [name, `Tensor.${name}`],
        args: () => args().slice(1),
        call: (...rest) => args()[0][name](...rest),
      },
    ];
  });
}

/** Methods of what the classes make, and functions that functions return. */
function objectsOf({ tensor: T, autograd: A, nn: N }, { f, i32, random, linear, recurrent }) {
  /** A cell speaks for itself where it was given to something. */
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
    row(
      'Vocabulary.of',
      () => ['text'],
      (...args) => N.Vocabulary.of(...args),
    ),
    row(
      'Vocabulary.encode',
      () => ['a'],
      (...args) => new N.Vocabulary(['a', 'b']).encode(...args),
    ),
    row(
      'Vocabulary.decode',
      () => [[0]],
      (...args) => new N.Vocabulary(['a', 'b']).decode(...args),
    ),
    row(
      'Streams.seek',
      () => [0],
      (...args) => new N.Streams(new Int32Array(99), { batch: 1, steps: 5 }).seek(...args),
    ),
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
