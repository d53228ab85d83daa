/** The law of plans: a planned function is the function, bit for bit, call after call. */
import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import {
  kernelsAvailable,
  normal,
  Parameter,
  plan,
  Random,
  scope,
  type Tensor,
  tensor,
  useKernels,
} from '../../src/index.ts';
import { FUSED_AT } from '../../src/plan/program.ts';
import { bitsOf } from '../compare.ts';
import { compute, everyOp, type Step, steps } from '../memory/program.ts';

afterEach(() => useKernels('strict'));

/** Calls with other values, after each of which the parameter takes one of the results. */
function callsAgree(program: readonly Step[], inScope: boolean): void {
  const random = new Random(1);
  const matrix = (): Tensor => normal([3, 3], { random });
  const [apart, own] = [new Parameter(matrix()), new Parameter(matrix())];
  own.assign(apart);
  const body = (weight: Parameter) => (pool: readonly Tensor[], indices: Tensor) =>
    compute(program, pool, weight, indices);
  const planned = plan(body(own));
  const eager = body(apart);
  // Forms of the weight are there already when the plan is recorded, and true.
  body(own)([matrix(), matrix(), matrix(), matrix()], tensor([0, 0, 0], { dtype: 'int32' }));
  for (let call = 0; call < 8; call++) {
    const pool = [matrix(), matrix().transpose(), matrix(), matrix().flip(1)];
    const indices = tensor([2, call % 3, random.integer(3)], { dtype: 'int32' });
    // Launches are fused in between.
    if (call === 4) for (let i = 0; i < FUSED_AT; i++) planned(pool, indices);
    const run = (): void => {
      const expected = eager(pool, indices);
      const actual = planned(pool, indices);
      expect(actual.map(bitsOf)).toEqual(expected.map(bitsOf));
      apart.assign(expected[call % 4]!);
      own.assign(actual[call % 4]!);
    };
    if (inScope) scope(run);
    else run();
  }
}

test('a planned function gives the same bits as the function, call after call, while a parameter changes in between', () => {
  const examples: [readonly Step[], boolean][] = [
    [everyOp, false],
    [everyOp, true],
  ];
  fc.assert(fc.property(steps, fc.boolean(), callsAgree), { seed: 1, numRuns: 60, examples });
});

test('so it is with every build of kernels', () => {
  for (const build of kernelsAvailable()) {
    useKernels(build);
    callsAgree(everyOp, false);
  }
});
