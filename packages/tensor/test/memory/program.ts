/**
 * Random programs of ops over a few matrices and parameters, for laws of the form "X changes
 * nothing".
 */
import * as fc from 'fast-check';
import {
  concat,
  gather,
  linear,
  normal,
  Parameter,
  Random,
  scatterRows,
  scope,
  softmaxCrossEntropy,
  stack,
  type Tensor,
  tensor,
  where,
} from '../../src/index.ts';
import { bitsOf } from '../compare.ts';

const N = 3;

/**
 * Operands of an op: matrices [3, 3], of which each step replaces one, a parameter, and row
 * indices.
 */
interface State {
  readonly pool: Tensor[];
  readonly weight: Parameter;
  readonly indices: Tensor;
}

type Op = (a: Tensor, b: Tensor, state: State) => Tensor;

const ops: Readonly<Record<string, Op>> = {
  add: (a, b) => a.add(b),
  'add a row': (a, b) => a.add(b.select(1)),
  'add a column': (a, b) => a.sub(b.slice(null, [0, 1])),
  'mul by a number': (a) => a.mul(0.5),
  tanh: (a) => a.tanh(),
  softmax: (a) => a.softmax(0),
  matmul: (a, b) => a.matmul(b).tanh(),
  'matmul by a transpose': (a, b) => a.matmul(b.transpose()).tanh(),
  'matmul by the weight': (a, _, { weight }) => a.matmul(weight).tanh(),
  'matmul by the turned weight': (a, _, { weight }) => a.matmul(weight.transpose()).tanh(),
  linear: (a, b, { weight }) => linear(a, weight, b.select(0)).tanh(),
  'sum and expand': (a) => a.sum(0, true).expand([N, N]).mul(0.3),
  'max less': (a, b) => a.sub(b.max(1, true)),
  concat: (a, b) => concat([a, b]).slice([1, 4]),
  stack: (a, b) => stack([a, b], 1).select(1, 1),
  flip: (a) => a.flip(0).transpose(),
  pad: (a) => a.pad([[1, 0]], 0.5).slice([0, 3]),
  gather: (a, _, { indices }) => gather(a, indices),
  'gather of a transpose': (a, _, { indices }) => gather(a.transpose(), indices),
  scatterRows: (a, _, { indices }) => scatterRows(a, indices, N),
  where: (a, b) => where(a.less(b), a, b.neg()),
  cast: (a) => a.cast('float64').exp().log().cast('float32'),
  crossEntropy: (a, _, { indices }) => softmaxCrossEntropy(a, indices)[1],
  argmax: (a) => a.argmax(1).cast('float32').unsqueeze(1).mul(a),
  'scope in between': (a, b) => scope(() => a.mul(b).add(scope(() => b.tanh()))),
};

export interface Step {
  readonly op: string;
  readonly a: number;
  readonly b: number;
  readonly to: number;
  /** After it: the parameter takes the result. */
  readonly assign: boolean;
}

const which = fc.nat(3);
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    op: fc.constantFrom(...Object.keys(ops)),
    a: which,
    b: which,
    to: which,
    assign: fc.boolean(),
  }),
  { minLength: 3, maxLength: 10 },
);

/** A program that leaves no op out. */
export const everyOp: readonly Step[] = Object.keys(ops).map((op, i) => ({
  op,
  a: i % 4,
  b: (i + 1) % 4,
  to: (3 * i) % 4,
  assign: i % 3 === 0,
}));

/** Runs a program twice, op by op and inside one scope, and returns the bits of all its results. */
export function runProgram(program: readonly Step[]): readonly string[] {
  const [apart, together] = [start(), start()];
  return [...run(apart, program), ...scope(() => run(together, program)), apart.weight, together.weight].map(
    bitsOf,
  );
}

/**
 * The results of a program that writes nothing, for four matrices [3, 3], a parameter like them and
 * three indices.
 */
export function compute(
  program: readonly Step[],
  pool: readonly Tensor[],
  weight: Parameter,
  indices: Tensor,
): Tensor[] {
  return run(
    { pool: [...pool], weight, indices },
    program.map((step) => ({ ...step, assign: false })),
  );
}

function start(): State {
  const random = new Random(1);
  const matrix = () => normal([N, N], { random });
  return {
    pool: [matrix(), matrix().transpose(), matrix(), matrix().flip(1)],
    weight: new Parameter(matrix()),
    indices: tensor([2, 0, 1], { dtype: 'int32' }),
  };
}

function run(state: State, program: readonly Step[]): Tensor[] {
  for (const { op, a, b, to, assign } of program) {
    const result = ops[op]!(state.pool[a]!, state.pool[b]!, state);
    state.pool[to] = result;
    if (assign) state.weight.assign(result);
  }
  return state.pool;
}
