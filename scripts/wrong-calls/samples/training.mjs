/** Right arguments of the exports of /training and /parallel, and of methods of their objects. */
export function trainingSamples(kit) {
  const { N, data: D } = kit;
  const files = () => Promise.resolve();
  const fs = { mkdir: files, open: files, readFile: files, rename: files, rm: files };
  return {
    evaluateLoss: () => [pick(runOf(kit), 'model', 'loss', 'batches')],
    ExponentialMovingAverage: () => [kit.linear(), { decay: 0.9 }],
    fit: () => [{ ...runOf(kit), steps: 2, shards: 2, ema: 0.9, clip: { norm: 1 } }],
    folderStorage: () => [fs, 'runs'],
    indexedDBStorage: () => [{ open: () => ({}) }, 'runs'],
    // It would run beside the other calls, perhaps for 2 ** 53 steps.
    lrRangeTest: () => [{ ...runOf(kit), steps: 2, signal: { aborted: true } }],
    memoryStorage: () => [],
    ReduceLROnPlateau: () => [new N.SGD(kit.linear(), { lr: 0.1 }), { patience: 3 }],
    serveReplica: () => [{ postMessage() {}, addEventListener() {} }, () => ({})],
    webWorkers: () => [() => ({}), { count: 2, data: {} }],
    streamBatches: () => [new D.Streams(new Int32Array(99), { batch: 1, steps: 5 }), { resetAtEnd: true }],
  };
}

function runOf({ N, linear, f }) {
  const model = linear();
  const loss = (x) => model.forward(x).square().mean();
  return { model, optimizer: new N.SGD(model, { lr: 0.1 }), loss, batches: [[f(3, 2)]] };
}

const pick = (options, ...names) => Object.fromEntries(names.map((name) => [name, options[name]]));

export function trainingObjects(kit) {
  const { N, training } = kit;
  const row = (name, args, call, ...more) => ({
    name,
    names: [name, ...name.split('.'), ...more],
    args,
    call,
  });
  const plateau = () => new training.ReduceLROnPlateau(new N.SGD(kit.linear(), { lr: 1 }));
  return [
    row(
      'ExponentialMovingAverage.use',
      () => [() => 1],
      (...args) => new training.ExponentialMovingAverage(kit.linear()).use(...args),
    ),
    row(
      'Fit.restore',
      () => [training.fit(runOf(kit)).snapshot()],
      (...args) => training.fit(runOf(kit)).restore(...args),
    ),
    row(
      'ReduceLROnPlateau.step',
      () => [1],
      (...args) => plateau().step(...args),
    ),
    row(
      'ReduceLROnPlateau.loadState',
      () => [plateau().state],
      (...args) => plateau().loadState(...args),
    ),
    row(
      'oneCycle',
      () => [1],
      (...args) => N.oneCycle(10)(...args),
    ),
  ];
}
