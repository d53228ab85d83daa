/** The law of fusion: fused launches give the bits of the same launches one by one. */
import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import {
  kernelsAvailable,
  maximum,
  minimum,
  normal,
  plan,
  Random,
  scope,
  type Tensor,
  tensor,
  useKernels,
  where,
} from '../../src/index.ts';
import { addInto, sigmoidGrad, tanhGrad } from '../../src/ops/binary.ts';
import { FUSED_AT } from '../../src/plan/program.ts';

afterEach(() => useKernels('strict'));

type Op = (a: Tensor, b: Tensor) => Tensor;

/** Fresh memory, of which `change` changes parts in place. */
function inPlace(a: Tensor, change: (target: Tensor) => void): Tensor {
  const target = a.neg();
  change(target);
  return target;
}

const ops: Readonly<Record<string, Op>> = {
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  div: (a, b) => a.div(b),
  minimum: (a, b) => minimum(a, b),
  maximum: (a, b) => maximum(a, b),
  equal: (a, b) => a.equal(b),
  notEqual: (a, b) => a.notEqual(b),
  less: (a, b) => a.less(b),
  lessEqual: (a, b) => a.lessEqual(b),
  tanhGrad: (a, b) => tanhGrad(a, b),
  sigmoidGrad: (a, b) => sigmoidGrad(a, b),
  abs: (a) => a.abs(),
  neg: (a) => a.neg(),
  sqrt: (a) => a.sqrt(),
  relu: (a) => a.relu(),
  where: (a, b) => where(a.less(b), a, b),
  'a number': (a) => a.mul(0.5).add(1),
  'a row': (a, b) => a.sub(b.select(0)),
  'a column': (a, b) => a.mul(b.slice(null, [0, 1])),
  'a reversed operand': (a, b) => a.add(b.flip(0)),
  'a part in place': (a, b) =>
    inPlace(a, (target) => addInto(target.slice(null, [0, 1]), b.slice(null, [0, 1]))),
  'all in place, twice': (a, b) =>
    inPlace(a, (target) => {
      addInto(target, b);
      addInto(target, a);
    }),
  'rows in place': (a, b) => inPlace(a, (target) => addInto(target.slice([1]), b.slice([0, -1]))),
  'parts of a result': (a, b) => {
    const product = a.mul(b);
    const cols = a.shape[1]!;
    const half = Math.ceil(cols / 2);
    const left = product.slice(null, [0, half]);
    return a.add(
      left
        .mul(product.slice(null, [cols - half, cols]))
        .add(left)
        .sum(),
    );
  },
  'a sum in between': (a, b) => a.sub(b.sum(1, true)),
  tanh: (a) => a.tanh(),
};

const step = fc.record({
  op: fc.constantFrom(...Object.keys(ops)),
  a: fc.nat(3),
  b: fc.nat(3),
  to: fc.nat(3),
});
type Program = readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[];

const compute = (program: Program, pool: readonly Tensor[]): Tensor[] => {
  const now = [...pool];
  for (const { op, a, b, to } of program) now[to] = ops[op]!(now[a]!, now[b]!);
  return now;
};

const ODD = [Number.NaN, 0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-40];

/** Calls with other values, before and after launches are fused. */
function callsAgree(program: Program, rows: number, cols: number, dtype: 'float32' | 'float64'): void {
  const random = new Random(1);
  const matrix = (): Tensor => {
    const values = normal([rows, cols], { random, dtype }).toTypedArray().slice();
    for (let i = random.integer(9); i < values.length; i += 11) values[i] = ODD[random.integer(ODD.length)]!;
    return tensor(values, { shape: [rows, cols], dtype });
  };
  const planned = plan((pool: readonly Tensor[]) => compute(program, pool));
  for (let call = 0; call < 6; call++) {
    if (call === 3) for (let i = 0; i < FUSED_AT; i++) planned([matrix(), matrix(), matrix(), matrix()]);
    const pool = [matrix(), matrix(), matrix(), matrix()];
    // Which NaN comes out is not promised, so numbers are compared.
    const numbers = (results: readonly Tensor[]): number[][] => results.map((x) => [...x.toTypedArray()]);
    expect(numbers(planned(pool))).toEqual(numbers(scope(() => compute(program, pool))));
  }
}

const sizes = { rows: fc.integer({ min: 1, max: 5 }), cols: fc.integer({ min: 1, max: 21 }) };

test('a plan of random elementwise ops gives the bits of the ops, in any shape, in place and with NaN', () => {
  const programs = fc.array(step, { minLength: 2, maxLength: 14 });
  const dtype = fc.constantFrom<'float32' | 'float64'>('float32', 'float64');
  fc.assert(fc.property(programs, sizes.rows, sizes.cols, dtype, callsAgree), { seed: 1, numRuns: 150 });
});

test('so it is with every build of kernels, for a program of every op', () => {
  const everyOp = Object.keys(ops).map((op, i) => ({ op, a: i % 4, b: (i + 1) % 4, to: (3 * i) % 4 }));
  for (const build of kernelsAvailable()) {
    useKernels(build);
    for (const dtype of ['float32', 'float64'] as const) callsAgree(everyOp, 3, 18, dtype);
  }
});
