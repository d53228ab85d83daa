/** Right arguments of the exports of @chronograd/autograd. */
export function autogradSamples({ T, f, linear }) {
  return {
    // autograd
    atTimeStep: () => [null],
    CheckpointSeries: () => [],
    checkpoint: () => [() => f(2)],
    compareGradients: () => [{ w: f(2) }, { w: f(2) }, { rtol: 9 }],
    clippedMeanGradients: () => [{ w: f(2) }, () => f(2), 1],
    customGradient: () => [(x) => x, (g) => [g], 'mine'],
    dependencies: () => [() => T.tensor(1)],
    detectAnomaly: () => [linear(), () => f(2)],
    perExampleGradients: () => [{ w: f(2) }, () => f(2)],
    perExampleNorms: () => [{ w: f(2) }, () => f(2)],
    replayRandom: () => [() => f(2)],
    grad: () => [() => T.tensor(1)],
    gradcheck: () => [(x) => x.mul(x), [T.ones([2], { dtype: 'float64' })], { order: 1 }],
    hvp: () => [(x) => x, T.tensor(1), T.tensor(1)],
    jvp: () => [(x) => x, f(2), f(2)],
    leavesOf: () => [{ w: f(2) }],
    mapTree: () => [{ w: f(2) }, (x) => x],
    requireValue: () => [T.tensor(1)],
    showPlace: () => [{ step: 1, gate: 'f', row: 1, column: 2 }],
    stopGradient: () => [f(2)],
    withContext: () => [(body) => body(), () => 1],
    valueAndGrad: () => [() => T.tensor(1)],
    vjp: () => [(x) => x, f(2), f(2)],
    withoutCheckpoints: () => [() => 1],
  };
}
