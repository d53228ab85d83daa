/** All contestants: ours and the peers. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Case } from './cases.ts';
import { type Contestant, training } from './contestant-types.ts';
import type { NodeBinary } from './nodes.ts';
import { ours } from './our-contestants.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SETUP = 'run bench/peers/setup.sh';

/** Every library with threads reads one of these variables. */
const ONE_THREAD = {
  OMP_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  BENCH_THREADS: '1',
};

type PythonPeer = Pick<Contestant, 'id' | 'peer' | 'name' | 'variants'> &
  Partial<Pick<Contestant, 'dtype'>> & {
    readonly script: string;
    /**
     * What must be installed, and the program that measures startup, if no other row measures it.
     */
    readonly module: string;
    readonly startup: boolean;
    readonly arguments?: readonly string[];
    readonly allCores?: boolean;
  };

function pythonPeer({
  script,
  module,
  startup,
  arguments: args = [],
  allCores,
  ...rest
}: PythonPeer): Contestant {
  const python = here('../.venv/bin/python');
  const installed = existsSync(python);
  const program = (name: string): string => here(`../peers/python/${name}.py`);
  return {
    dtype: 'float32',
    fresh: false,
    command: [python, program(script), ...args],
    env: allCores === true ? {} : ONE_THREAD,
    startup: startup ? [python, program('startup'), module] : null,
    ...rest,
    ...(installed ? {} : { absent: `there is no bench/.venv; ${SETUP}` }),
  };
}

function javascriptPeer(
  peer: 'tfjs' | 'jax-js' | 'deepbox',
  name: string,
  node: NodeBinary,
  variants: Contestant['variants'],
): Contestant {
  const installed = existsSync(here('../peers/js/node_modules'));
  const absent = installed ? node.absent : `there is no bench/peers/js/node_modules; ${SETUP}`;
  return {
    id: peer,
    peer,
    name: `${name}, Node ${node.major}`,
    dtype: 'float32',
    command: [node.path, here(`../peers/js/${peer}.mjs`)],
    env: {},
    fresh: true,
    startup: peer === 'deepbox' ? null : [node.path, here('../peers/js/startup.mjs'), peer],
    variants,
    ...(absent === undefined ? {} : { absent }),
  };
}

/**
 * All contestants. `nodes` are sorted from old to new. The newest available runs the JavaScript
 * peers.
 */
export function contestants(nodes: readonly NodeBinary[], quick: boolean): readonly Contestant[] {
  const newest = nodes.findLast((node) => node.absent === undefined) ?? nodes[0]!;
  const numpy = { peer: 'numpy', script: 'numpy_rnn', module: 'numpy' } as const;
  const torch = { peer: 'pytorch', script: 'torch_rnn', module: 'torch' } as const;
  const jax = { peer: 'jax', script: 'jax_rnn', module: 'jax' } as const;
  const numpyTraining = training({ rnn: ['one-hot', 'lookup'] });
  const deepboxTraining = training({
    rnn: ['RNN, one-hot'],
    lstm: ['LSTM, one-hot'],
    gru: ['GRU, one-hot'],
  });
  const torchTraining = training({
    rnn: ['nn.RNN, one-hot', 'loop of a cell, lookup'],
    embedding: ['nn.RNN, embedding'],
    lstm: ['nn.LSTM, one-hot'],
    gru: ['nn.GRU, one-hot'],
    lnlstm: ['loop of a cell, lookup'],
  });
  const jaxTraining = training({
    rnn: ['scan, lookup', 'scan, one-hot'],
    embedding: ['scan, embedding'],
    lstm: ['scan, lookup'],
    gru: ['scan, lookup'],
  });
  // Each size takes one to two minutes to compile.
  const loops = training({
    rnn: ['loop of a cell, compiled, lookup'],
    lnlstm: ['loop of a cell, compiled, lookup'],
  });
  const compiled = (spec: Case): readonly string[] =>
    spec.kind === 'train' && spec.H === 128 && (spec.B === 1 || spec.B === 32) ? loops(spec) : [];
  return [
    ...ours(nodes, quick),
    pythonPeer({
      ...numpy,
      id: 'numpy-float64',
      name: 'NumPy float64',
      dtype: 'float64',
      arguments: ['float64'],
      startup: false,
      variants: (spec) => (spec.kind === 'train' || spec.kind === 'sample' ? numpyTraining(spec) : []),
    }),
    pythonPeer({
      ...numpy,
      id: 'numpy-float32',
      name: 'NumPy float32',
      arguments: ['float32'],
      startup: false,
      variants: (spec) => (spec.kind === 'small-op' && spec.taped ? [] : numpyTraining(spec)),
    }),
    pythonPeer({
      ...torch,
      id: 'torch-1',
      name: 'PyTorch, 1 thread',
      startup: true,
      variants: torchTraining,
    }),
    pythonPeer({
      ...torch,
      id: 'torch-all',
      name: 'PyTorch, all cores',
      startup: false,
      allCores: true,
      variants: torchTraining,
    }),
    pythonPeer({
      ...torch,
      peer: 'torch-compile',
      id: 'torch-compile-1',
      name: 'PyTorch compiled, 1 thread',
      startup: false,
      variants: compiled,
    }),
    pythonPeer({ ...jax, id: 'jax-1', name: 'JAX, 1 thread', startup: true, variants: jaxTraining }),
    pythonPeer({
      ...jax,
      id: 'jax-all',
      name: 'JAX, all cores',
      startup: false,
      allCores: true,
      variants: jaxTraining,
    }),
    javascriptPeer('tfjs', 'TensorFlow.js wasm', newest, training({ rnn: ['one-hot'] })),
    javascriptPeer('jax-js', 'jax-js wasm', newest, training({ rnn: ['jit, one-hot', 'jit, lookup'] })),
    javascriptPeer('deepbox', 'Deepbox', newest, (spec) =>
      spec.kind === 'train' ? deepboxTraining(spec) : [],
    ),
  ];
}
