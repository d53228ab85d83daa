// Sweeps the float32 functions over all 2³² inputs, or every n-th, and prints the worst error in ulp and where it is.
//
//   pnpm build && node packages/tensor/scripts/sweep32.mjs [stride]
//
// All of them take half an hour; a stride of 13 (the default) takes two minutes. An odd stride meets every pattern of low bits.
import { exp32, log32, sigmoid32, tanh32 } from '../dist/kernels/reference/math32.js';

const stride = Number(process.argv[2] ?? 13);
if (!Number.isInteger(stride) || stride < 1) {
  console.error(`sweep32: stride "${process.argv[2]}" came, a positive integer was expected`);
  process.exit(2);
}

const sigmoid = (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)));
const functions = [
  [exp32, Math.exp],
  [log32, Math.log],
  [tanh32, Math.tanh],
  [sigmoid32, sigmoid],
];

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);

/** One float32 ulp at an exact value. */
function ulp(exact) {
  double[0] = exact;
  return 2 ** (Math.max(((words[1] >>> 20) & 0x7ff) - 1023, -126) - 23);
}

for (const [f, oracle] of functions) {
  let worst = 0;
  let where = 0;
  let total = 0;
  let finite = 0;
  let wrong = 0;
  for (let pattern = 0; pattern < 2 ** 32; pattern += stride) {
    bits[0] = pattern;
    const x = float[0];
    const exact = oracle(x);
    const result = f(x);
    if (!Number.isFinite(Math.fround(exact))) {
      if (!Object.is(result, Math.fround(exact))) wrong++;
      continue;
    }
    const error = Math.abs(result - exact) / ulp(exact);
    finite++;
    total += error;
    if (!(error <= worst)) {
      worst = error;
      where = x;
    }
  }
  console.log(
    `${f.name}: worst ${worst.toFixed(4)} ulp at ${where}, mean ${(total / finite).toFixed(4)}; ${wrong} wrong NaN or infinity`,
  );
}
