/** Mistakes around the core: file formats, laws and probes of nn, and experiments. */
const src = 'packages/nn/src';
const test = 'packages/nn/test';
const examples = 'packages/examples';

export const around = [
  {
    name: 'state-dict-half-loaded',
    mistake: 'Of a state dict that does not fit, the parameters that fit are loaded before it is rejected.',
    file: `${src}/formats/state-dict/load.ts`,
    text: 'values.set(parameter, array);',
    replacement:
      'values.set(parameter, array); if (mismatch === null) parameter.assign(tensor(array.data, { shape: array.shape, dtype: parameter.dtype }));',
    test: `${test}/formats/state-dict/state-dict.test.ts`,
  },
  {
    name: 'gru-convention-ignored',
    mistake: 'GRU weights with the reset gate on the other side of the product are loaded as they are.',
    file: `${src}/formats/state-dict/cell-forms.ts`,
    text: '!isDiagonal(rowsOfN(weight), hiddenSize) || ',
    replacement: '',
    test: `${test}/formats/state-dict/conventions.test.ts`,
  },
  {
    name: 'npy-fortran-order-ignored',
    mistake: 'An array in Fortran order is read row by row.',
    file: `${src}/formats/npy/npy.ts`,
    text: 'fortranOrder ? rowMajor(data, shape) : data',
    replacement: 'data',
    test: `${test}/formats/npy/npy.test.ts`,
  },
  {
    name: 'npz-entries-overlap',
    mistake: 'Entries of an archive may share bytes, so that a small archive unpacks to a huge one.',
    file: `${src}/formats/npy/zip-reader.ts`,
    text: '(ranges[i - 1] as ZipEntry).end',
    replacement: '(ranges[i - 1] as ZipEntry).begin',
    test: `${test}/formats/npy/zip-reader.test.ts`,
  },
  {
    name: 'npz-stream-too-long',
    mistake: 'A deflated stream longer than its entry says is cut off and accepted.',
    file: `${src}/formats/npy/zip-reader.ts`,
    text: 'length += part.length;',
    replacement: 'length = Math.min(size, length + part.length);',
    test: `${test}/formats/npy/zip-reader.test.ts`,
  },
  {
    name: 'law-compares-itself',
    mistake: 'The cell laws compare the final state of a run with itself.',
    file: `${src}/checks/testing/agree.ts`,
    text: 'const others = stateLeaves(b.state);',
    replacement: 'const others = stateLeaves(a.state);',
    test: `${test}/checks/testing/bad-cells.test.ts`,
  },
  {
    name: 'probe-sees-recomputation',
    mistake: 'A probe records the steps of a checkpoint a second time when they are recomputed.',
    file: `${src}/probe/hooks.ts`,
    text: 'withProbe(probe, () => withoutCheckpoints(body))',
    replacement: 'withProbe(probe, body)',
    test: `${test}/probe/order.test.ts`,
  },
  {
    name: 'peephole-reads-old-cell-state',
    mistake: 'The output gate of a peephole LSTM reads the cell state before the step.',
    file: `${examples}/src/cells/peephole-lstm.ts`,
    text: 'po.mul(cell)',
    replacement: 'po.mul(c)',
    test: `${examples}/test/cells/equations.test.ts`,
  },
  {
    name: 'unit-confirmed-where-chosen',
    mistake: 'A unit that was selected for its correlation is confirmed on the same text.',
    file: `${examples}/src/experiments/hidden-states/tracking.ts`,
    text: 'correlation(trying[unit]!, prepared(kind, values, 1))',
    replacement: 'correlation(choosing[unit]!, wanted)',
    test: `${examples}/test/experiments/hidden-states/tracking.test.ts`,
  },
  {
    name: 'clipping-without-control',
    mistake: 'Clipping is credited with runs whose seed does not diverge without clipping either.',
    file: `${examples}/src/experiments/clipping/analysis.ts`,
    text: 'seeds.includes(config.seed)',
    replacement: 'seeds.length > 0',
    test: `${examples}/test/experiments/clipping/present.test.ts`,
  },
];
