/** A right call of everything public: its name, and arguments to make wrong ones from. */

import { autogradSamples } from './samples/autograd.mjs';
import { dataObjects, dataSamples } from './samples/data.mjs';
import { entriesSamples } from './samples/entries.mjs';
import { kitOf } from './samples/kit.mjs';
import { nnSamples } from './samples/nn.mjs';
import { objectsOf } from './samples/objects.mjs';
import { tensorSamples } from './samples/tensor.mjs';
import { trainingObjects, trainingSamples } from './samples/training.mjs';

/** For authors of packages: the first argument is the name of the caller, and is right. */
const NAMED = new Set(['dependencies', 'leavesOf', 'mapTree', 'requireValue']);
/** Not functions: the packages make errors, and the others are tables. */
const NOT_CALLED = /Error$|^(rules|comparisonTolerance|gradcheckTolerance)$/;
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
 * @returns rows of { name, names, call, args }: `call(...args())` is right, and its errors should
 * name one of `names`
 */
export function samplesOf(packages) {
  const {
    tensor: T,
    autograd: A,
    nn: N,
    data,
    training,
    parallel,
    probe,
    testing,
    npy,
    safetensors,
  } = packages;
  const kit = kitOf(packages);
  const samples = {
    ...tensorSamples(kit),
    ...autogradSamples(kit),
    ...nnSamples(kit),
    ...dataSamples(kit),
    ...trainingSamples(kit),
    ...entriesSamples(kit),
  };
  const rows = [];
  const missing = [];
  for (const module of [T, A, N, data, training, parallel, probe, testing, npy, safetensors]) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value !== 'function' || NOT_CALLED.test(name) || ABSTRACT.has(name)) continue;
      const args = samples[name];
      if (args === undefined) missing.push(name);
      else if (args !== null)
        rows.push({
          name,
          names: /jacobian/i.test(name) ? [name, 'RNNCell'] : [name], // the cell in the arguments
          args,
          call: callOf(name, value, name === 'detectAnomaly' && module === A),
        });
    }
  }
  if (missing.length > 0) throw new Error(`wrong-calls: no sample call of ${missing.join(', ')}`);
  return [
    ...rows,
    ...methodsOf(T.Tensor.prototype, samples, T),
    ...objectsOf(kit),
    ...dataObjects(kit),
    ...trainingObjects(kit),
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
