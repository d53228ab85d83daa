/**
 * Calls everything public with wrong arguments: types, missing ones, null, BigInt, symbols, cyclic
 * values, holes, other ranks and dtypes. Counts errors that are not the packages' own, and errors
 * that name another function. After a build: `node scripts/wrong-calls.mjs`.
 */
import { parseArgs } from 'node:util';
import { wrongCalls } from './wrong-calls/calls.mjs';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '4000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const packages = {
  tensor: await import('@chronograd/tensor'),
  autograd: await import('@chronograd/autograd'),
  nn: await import('@chronograd/nn'),
  data: await import('@chronograd/nn/data'),
  probe: await import('@chronograd/nn/probe'),
  testing: await import('@chronograd/nn/testing'),
  training: await import('@chronograd/nn/training'),
  parallel: await import('@chronograd/nn/parallel'),
  npy: await import('@chronograd/nn/npy'),
  safetensors: await import('@chronograd/nn/safetensors'),
};
const options = { count: Number(values.calls), seed: Number(values.seed), only: values.only ?? null };
const { calls, thrown, untyped, misnamed } = wrongCalls(packages, options);
for (const [what, found] of Object.entries({ untyped, misnamed })) {
  for (const { call, number, error } of found) {
    const trace = values.verbose ? `\n${String(error?.stack).split('\n').slice(1, 5).join('\n')}` : '';
    console.log(
      `${what} ${number}: ${call}: ${error?.name}: ${String(error?.message).slice(0, 160)}${trace}`,
    );
  }
}
console.log(
  `seed ${values.seed}: ${calls} wrong calls, ${thrown} threw, ${untyped.length} untyped errors, ${misnamed.length} that name another function`,
);
if (calls === 0 || untyped.length + misnamed.length > 0) process.exitCode = 1;
