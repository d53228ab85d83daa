// Sweeps the float32 functions of both SIMD builds over all 2³² inputs, or every n-th. Prints the
// worst error in ulp and its input.
//
//   node packages/tensor/scripts/sweep32.mjs [stride]     Default: 13. 1 for all inputs.
//
// Needs a Node that runs TypeScript, 22.18 or newer. The oracle is the engine's float64 function.
// An odd stride covers every pattern of low bits. Runs one thread per processor.
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { fastKernels } from '../src/kernels/fast.ts';
import { referenceKernels } from '../src/kernels/reference/index.ts';
import { strictKernels } from '../src/kernels/strict.ts';
import { Heap } from '../src/memory/heap.ts';

const BLOCK = 2 ** 16;
const oracles = {
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (x) => {
    const e = Math.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  },
};

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/**
 * The error of `got` in float32 ulp at the exact value. Infinity counts as the power of two after
 * the largest number.
 */
function ulps(got, exact) {
  double[0] = exact;
  const ulp = 2 ** (Math.max(((words[1] >>> 20) & 0x7ff) - 1023, -126) - 23);
  const value = Math.abs(got) === Number.POSITIVE_INFINITY ? Math.sign(got) * 2 ** 128 : got;
  return Math.abs(value - exact) / ulp;
}

/**
 * A build's statistics: inputs, results other than the nearest float32, wrong NaNs and infinities,
 * and the worst error.
 */
const nothing = () => ({ inputs: 0, inexact: 0, wrong: 0, worst: 0.5, where: Number.NaN });

/**
 * Inspects the results that differ from the rounded exact values. Most are equal, so the loop
 * mainly compares.
 */
function compare(tally, block, xs, ys, yBits, exact, rounded, roundedBits) {
  tally.inputs += block;
  for (let i = 0; i < block; i++) {
    const apart = Math.abs(yBits[i] - roundedBits[i]);
    if (apart === 0) continue;
    if (Number.isNaN(rounded[i])) {
      if (!Number.isNaN(ys[i])) tally.wrong++;
      continue;
    }
    tally.inexact++;
    if (apart + 0.5 <= tally.worst) continue;
    if (Number.isNaN(ys[i])) {
      tally.wrong++;
      continue;
    }
    const error = ulps(ys[i], exact[i]);
    if (error > tally.worst) {
      tally.worst = error;
      tally.where = xs[i];
    }
  }
}

/**
 * Every `of`-th block, starting with number `first`, of all inputs whose bits are multiples of
 * `stride`.
 */
function sweep({ name, first, of, stride }) {
  const heap = new Heap(1 << 20);
  const strict = strictKernels(heap, referenceKernels(heap));
  const builds = { strict, fast: fastKernels(heap, strict) };
  const [x, y] = [1 << 16, (1 << 16) + 4 * BLOCK];
  const xs = heap.float32.subarray(x / 4, x / 4 + BLOCK);
  const ys = heap.float32.subarray(y / 4, y / 4 + BLOCK);
  const [xBits, yBits] = [xs, ys].map((part) => new Int32Array(part.buffer, part.byteOffset, BLOCK));
  const exact = new Float64Array(BLOCK);
  const rounded = new Float32Array(BLOCK);
  const roundedBits = new Int32Array(rounded.buffer);
  const oracle = oracles[name];
  const tallies = {};
  for (let pattern = first * BLOCK * stride; pattern < 2 ** 32; pattern += of * BLOCK * stride) {
    const block = Math.min(BLOCK, Math.ceil((2 ** 32 - pattern) / stride));
    for (let i = 0; i < block; i++) xBits[i] = pattern + i * stride;
    for (let i = 0; i < block; i++) rounded[i] = exact[i] = oracle(xs[i]);
    for (const [build, kernels] of Object.entries(builds)) {
      if (kernels === null) continue;
      kernels.float32[name](x, y, block);
      tallies[build] ??= nothing();
      compare(tallies[build], block, xs, ys, yBits, exact, rounded, roundedBits);
    }
  }
  return tallies;
}

function merge(tallies) {
  const total = nothing();
  for (const tally of tallies) {
    for (const count of ['inputs', 'inexact', 'wrong']) total[count] += tally[count];
    if (tally.worst > total.worst) Object.assign(total, { worst: tally.worst, where: tally.where });
  }
  return total;
}

async function main() {
  const stride = Number(process.argv[2] ?? 13);
  if (!Number.isInteger(stride) || stride < 1) {
    console.error(`sweep32: expected a positive integer as stride, got "${process.argv[2]}"`);
    process.exit(2);
  }
  const threads = availableParallelism();
  const began = performance.now();
  for (const name of Object.keys(oracles)) {
    const parts = Array.from({ length: threads }, (_, first) => {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { name, first, of: threads, stride },
      });
      return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    });
    const tallies = await Promise.all(parts);
    for (const build of Object.keys(tallies[0])) {
      const { inputs, inexact, wrong, worst, where } = merge(tallies.map((tally) => tally[build]));
      const share = ((100 * inexact) / inputs).toFixed(1);
      console.log(
        `${name.padEnd(8)} ${build.padEnd(7)} worst ${worst.toFixed(4)} ulp at ${where}, ${share} % not the nearest float32, ${wrong} wrong NaN; ${inputs} inputs`,
      );
    }
  }
  console.log(`${((performance.now() - began) / 1000).toFixed(1)} s, ${threads} threads, stride ${stride}`);
}

if (isMainThread) await main();
else parentPort.postMessage(sweep(workerData));
