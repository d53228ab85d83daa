/** Right arguments of the exports of the other entry points. */
export function entriesSamples({ N, npy, safetensors, f, linear, recurrent, makeCell }) {
  return {
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
    connectivity: () => [recurrent(), f(2, 1, 2), {}],
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
    summary: () => {
      const model = linear();
      return [model, () => model.forward(f(2, 2)), { now: () => 0 }];
    },
    trace: () => {
      const model = linear();
      return [model, () => model.forward(f(2, 2)), { now: () => 0 }];
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
    lawOutcomes: () => [makeCell, { runs: 1, skip: ['second order', 'gradients'] }],
    gradientProblem: () => [makeCell, { steps: 2, batch: 1, inputSize: 2, hiddenSize: 2, seed: 1 }, {}],
    openNpz: () => [npy.writeNpz(new Map([['a', f(2)]])), {}],
    openSafetensors: () => [safetensors.writeSafetensors(N.stateDict(linear())), {}],
    readNpy: () => [npy.writeNpy(f(2))],
    readNpz: () => [npy.writeNpz(new Map([['a', f(2)]])), {}],
    writeNpy: () => [f(2)],
    writeNpz: () => [new Map([['a', f(2)]]), {}],
    readSafetensors: () => [safetensors.writeSafetensors(N.stateDict(linear()))],
    writeSafetensors: () => [N.stateDict(linear()), { a: 'b' }],
  };
}
